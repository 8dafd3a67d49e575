// The section of the demonstration that names the languages of sentences, one by one; it fails
// where a name is not the expected one.
#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/demo_parts.hpp"
#include "cli/language_names.hpp"
#include "cli/scores.hpp"
#include "cli/terminal.hpp"
#include "demo_files.hpp"
#include "language_id.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "xzoo/weights/bert.hpp"
#include "zoo/bert.hpp"

namespace xzoo::cli {

namespace {

/// A sentence and the label of its language.
struct Sentence {
    std::string_view label;
    std::string_view text;
};

std::vector<Sentence> read_sentences(std::string_view lines) {
    std::vector<Sentence> sentences;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const std::size_t tab = line.find('\t');
        if (tab != std::string_view::npos)
            sentences.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    return sentences;
}

/// One line of the table, which ends with as much of the sentence as the terminal has room for.
void print_row(std::string_view language, std::string_view probability, std::string_view time,
               std::string_view sentence) {
    constexpr std::size_t fixed = 48;  // columns before the sentence
    constexpr std::size_t without_terminal = 110;
    const std::size_t width = terminal_width() == 0 ? without_terminal : terminal_width();
    std::cout << "  " << pad_right(language, 22) << pad_left(probability, 11) << pad_left(time, 10)
              << "   " << fit_width(sentence, width > fixed + 20 ? width - fixed : 20) << '\n';
}

}  // namespace

bool identify_languages() {
    constexpr BertWeights weights = BertWeights::language_id;
    using Model = Weights<weights>::model;
    constexpr const WeightEntry& entry = Weights<weights>::entry;

    std::cout << "Language identification: BertWeights::language_id\n\n";
    fact("type", std::string{Model::class_name} + " of " +
                     std::to_string(Model::config.num_hidden_layers) + " layers and " +
                     std::to_string(Model::config.hidden_size) + " channels, " +
                     grouped(Model::num_parameters()) + " parameters, " +
                     std::to_string(Model::config.num_labels) + " languages");
    check_embedded(entry, "model.safetensors", language_id::model_safetensors());
    const DemoClock::time_point loading = DemoClock::now();
    const Model model =
        Model{}.from_span(language_id::model_safetensors(), text_of(language_id::config_json()));
    const auto tokenizer = Tokenizer::from_json(text_of(language_id::tokenizer_json()));
    fact("loaded", bytes_text(language_id::model_safetensors().size()) + " of weights and " +
                       grouped(tokenizer.vocab_size()) + " pieces of words in " +
                       number_text("%.1f ms", milliseconds_since(loading)));
    std::cout << '\n';
    print_row("LANGUAGE", "PROBABILITY", "TIME", "SENTENCE");

    Workspace workspace{1};
    Model::Output output;
    EncoderInputs inputs;
    std::size_t expected = 0;
    double total = 0.0;
    const std::vector<Sentence> sentences =
        read_sentences(text_of(demo_files::demo_sentences_txt()));
    for (const Sentence& sentence : sentences) {
        const DemoClock::time_point start = DemoClock::now();
        const Encoding tokens =
            tokenizer.encode(sentence.text, {.truncation = Truncation::longest_first,
                                             .max_length = Model::config.max_position_embeddings});
        inputs.input_ids.resize({1, tokens.size()});
        std::copy(tokens.ids.begin(), tokens.ids.end(), inputs.input_ids.data());
        model.forward(inputs, workspace, output);
        const std::vector<double> scores =
            probabilities({output.logits.data(), output.logits.size()}, false);
        const std::size_t label = best(scores, 1).front();
        const double time = milliseconds_since(start);
        total += time;
        const std::string& found = model.labels()[label];
        expected += found == sentence.label ? 1U : 0U;
        print_row(
            language_name(found) +
                (found == sentence.label ? "" : " (not " + language_name(sentence.label) + ")"),
            number_text("%.1f %%", 100.0 * scores[label]), number_text("%.2f ms", time),
            sentence.text);
    }
    std::cout << "\n  " << expected << " of " << sentences.size() << " as expected; "
              << number_text("%.1f ms", total) << " in all, "
              << number_text("%.0f", 1e3 * static_cast<double>(sentences.size()) / total)
              << " sentences/s in one thread, one at a time.\n";
    return expected == sentences.size();
}

}  // namespace xzoo::cli
