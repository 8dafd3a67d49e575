// The mixin that lets a causal language model write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "xzoo/generation/generate.hpp"
#include "xzoo/generation/read_generation_config.hpp"
#include "xzoo/nn/decoder_batch.hpp"
#include "xzoo/text/prompt.hpp"

namespace xzoo {

/// Base of models that generate. Model offers language_model(), and the texts of its files.
template <class Model>
class Generative {
public:
    /// What the model's generation_config.json and config.json say on generation, with a note on
    /// each field that has no effect.
    /// Errors  ConfigError: a field that is no good or not supported. ArgumentError: no weights.
    GenerationFile generation_config() const {
        GenerationFile file;
        if (!self().generation_json().empty())
            file = read_generation_config(self().generation_json(), "generation_config.json");
        if (!self().config_json().empty())
            add_special_tokens(file.config, self().config_json(), "config.json");
        return file;
    }

    /// Continues each prompt; see xzoo::generate. What neither `settings` nor options.model_config
    /// sets is as the model's files have it.
    /// Errors  as xzoo::generate and generation_config().
    GenerationResult generate(std::span<const std::vector<std::uint32_t>> prompts,
                              const GenerationConfig& settings = {},
                              GenerateOptions options = {}) const {
        generation::fill_gaps(options.model_config, generation_config().config);
        return xzoo::generate(self().language_model(), prompts, settings, options);
    }

    /// Continues one text:
    ///
    ///     llama.generate(tokenizer("Once upon a time"), {.max_new_tokens = 200}, print)
    ///
    /// on_text  gets whole characters as they come; returning false ends the text. May be empty.
    GeneratedSequence generate(const Prompt& prompt, const GenerationConfig& settings = {},
                               const std::function<bool(std::string_view piece)>& on_text = {},
                               GenerateOptions options = {}) const {
        if (!options.text_decoder)
            options.text_decoder = prompt.text_decoder;
        if (on_text)
            options.on_text = [&on_text](std::size_t, std::string_view piece) {
                return on_text(piece);
            };
        GenerationResult result = generate(std::span{&prompt.ids, 1}, settings, std::move(options));
        return std::move(result.sequences.front());
    }

    /// Continues a padded batch, as Hugging Face's generate does: the result is the input with the
    /// new tokens behind it, filled up with the padding id (pad_token_id, else the end token).
    /// Shapes  input_ids: (batch, length) -> (batch * num_return_sequences, length + new).
    xt::xtensor<std::uint32_t, 2> generate(const DecoderInputs& inputs,
                                           const GenerationConfig& settings = {},
                                           GenerateOptions options = {}) const {
        generation::fill_gaps(options.model_config, generation_config().config);
        const nn::DecoderBatch batch =
            nn::view(inputs, nn::DecoderLimits{.vocab_size = Model::limits.vocab_size});
        std::vector<std::vector<std::uint32_t>> prompts(batch.batch);
        for (std::size_t slot = 0; slot < batch.tokens(); ++slot)
            if (batch.is_token(slot))
                prompts[slot / batch.length].push_back(batch.input_ids[slot]);
        const GenerationResult result =
            xzoo::generate(self().language_model(), prompts, settings, options);
        std::size_t longest = 0;
        for (const GeneratedSequence& sequence : result.sequences)
            longest = std::max(longest, sequence.new_ids().size());
        xt::xtensor<std::uint32_t, 2> ids;
        ids.resize({result.sequences.size(), batch.length + longest});
        std::fill(ids.storage().begin(), ids.storage().end(),
                  padding(settings, options.model_config));
        for (std::size_t s = 0; s < result.sequences.size(); ++s) {
            const GeneratedSequence& sequence = result.sequences[s];
            std::uint32_t* row = ids.data() + s * (batch.length + longest);
            row = std::copy_n(batch.input_ids + sequence.prompt * batch.length, batch.length, row);
            std::copy(sequence.new_ids().begin(), sequence.new_ids().end(), row);
        }
        return ids;
    }

private:
    const Model& self() const { return static_cast<const Model&>(*this); }

    static std::uint32_t padding(GenerationConfig settings, const GenerationConfig& files) {
        generation::fill_gaps(settings, files);
        if (settings.pad_token_id)
            return *settings.pad_token_id;
        return settings.eos_token_id && !settings.eos_token_id->empty()
                   ? settings.eos_token_id->front()
                   : 0;
    }
};

}  // namespace xzoo
