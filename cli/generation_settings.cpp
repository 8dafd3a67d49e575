#include "cli/generation_settings.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "xzoo/generation/read_generation_config.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace {

constexpr std::array options{
    GenerationOption{"max_new_tokens", "N", "Tokens to write at most"},
    GenerationOption{"max_length", "N", "The same with the prompt's"},
    GenerationOption{"min_new_tokens", "N", "Tokens before which the text does not end"},
    GenerationOption{"min_length", "N", "The same with the prompt's"},
    GenerationOption{"max_time", "S", "Seconds after which the text ends"},
    GenerationOption{"stop_strings", "TEXT", "A text before which the answer ends; may be repeated",
                     true},
    GenerationOption{"temperature", "T", "Sample; below 1 the likely tokens become more likely"},
    GenerationOption{"top_k", "N", "Sample among the N most probable tokens; 0: all"},
    GenerationOption{"top_p", "P",
                     "Sample among the most probable tokens whose probabilities add up to P"},
    GenerationOption{"min_p", "P",
                     "Sample among tokens with P times the probability of the best at least"},
    GenerationOption{"typical_p", "P", "Sample among the most typical tokens that add up to P"},
    GenerationOption{"epsilon_cutoff", "P", "Sample among tokens above this probability"},
    GenerationOption{"eta_cutoff", "P", "The same, with less where the choice is open"},
    GenerationOption{"seed", "N", "Sample the same text each time"},
    GenerationOption{"num_return_sequences", "N", "Texts to write for the prompt"},
    GenerationOption{"num_beams", "N", "Search with N beams"},
    GenerationOption{"num_beam_groups", "N", "Groups of beams that differ from each other"},
    GenerationOption{"diversity_penalty", "X", "By how much groups of beams differ"},
    GenerationOption{"length_penalty", "X", "Of beams: above 0 favours long texts"},
    GenerationOption{"early_stopping", "true|false|never", "When a search with beams ends"},
    GenerationOption{"penalty_alpha", "X", "Contrastive search among --top-k tokens"},
    GenerationOption{"repetition_penalty", "X", "Above 1 makes repeated tokens less likely"},
    GenerationOption{"no_repeat_ngram_size", "N", "No N tokens occur twice in this order"},
    GenerationOption{"guidance_scale", "X", "Above 1 keeps closer to the prompt"},
    GenerationOption{"bad_words_ids", "IDS",
                     "Tokens that must not follow each other, as [5, 6]; may be repeated", true},
    GenerationOption{"sequence_bias", "BIAS",
                     "What is added to the score of tokens, as [[5, 6], -2.5]; may be repeated",
                     true},
    GenerationOption{"suppress_tokens", "IDS", "Tokens that are never written, as 5,6"},
    GenerationOption{"begin_suppress_tokens", "IDS", "Tokens that the answer does not begin with"},
    GenerationOption{"forced_bos_token_id", "ID",
                     "First new token, where the prompt is a single one"},
    GenerationOption{"forced_eos_token_id", "ID", "Token that a text of full length ends with"},
    GenerationOption{"exponential_decay_length_penalty", "START,FACTOR",
                     "From START tokens on the end becomes more likely"},
    GenerationOption{"remove_invalid_values", "", "Take scores that are no numbers for 0"},
    GenerationOption{"renormalize_logits", "", "Scores are log-probabilities after each rule"},
    GenerationOption{"prompt_lookup_num_tokens", "N",
                     "Guess N tokens from earlier in the text: the same text in fewer steps"},
    GenerationOption{"max_matching_ngram_size", "N", "Tokens by which a guess is found"},
    GenerationOption{"bos_token_id", "ID", "Token that begins a text"},
    GenerationOption{"eos_token_id", "ID", "Token that ends a text, or several, as 1,2"},
    GenerationOption{"pad_token_id", "ID", "Token that fills up"}};

boost::json::array texts(const std::vector<std::string>& values) {
    boost::json::array list;
    for (const std::string& value : values)
        list.emplace_back(boost::json::string{value});
    return list;
}

/// Each value as JSON where it is JSON, else as a text.
boost::json::array parsed(const std::vector<std::string>& values) {
    boost::json::array list = texts(values);
    for (boost::json::value& value : list) {
        boost::system::error_code error;
        boost::json::value json = boost::json::parse(value.get_string(), error);
        if (!error)
            value = std::move(json);
    }
    return list;
}

}  // namespace

std::span<const GenerationOption> generation_options() {
    return options;
}

std::string option_name(const GenerationOption& option) {
    std::string text = "--" + std::string{option.field};
    std::replace(text.begin(), text.end(), '_', '-');
    return text;
}

std::string set_field(GenerationConfig& config, std::string_view field,
                      const std::vector<std::string>& values) {
    const boost::json::array json = parsed(values);
    std::vector<boost::json::value> readings{json, texts(values)};
    if (values.size() == 1) {
        readings.insert(readings.begin(), json.front());
        boost::system::error_code error;
        boost::json::value list = boost::json::parse('[' + values.front() + ']', error);
        if (!error)
            readings.push_back(std::move(list));
    }
    std::string expected;
    for (const boost::json::value& reading : readings) {
        const std::string fault = set_generation_field(config, field, reading);
        if (fault.empty())
            return {};
        if (expected.empty())
            expected = fault;
    }
    return "expected " + expected + ", found " + io::quote_name(values.front());
}

}  // namespace xzoo::cli
