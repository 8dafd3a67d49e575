// Encoders that were trained as causal language models: BertLMHeadModel and its like. They have no
// cache of keys and values, so each step reads the whole text again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xzoo/nn/check_steps.hpp"
#include "xzoo/nn/language_model.hpp"
#include "zoo/parts/encoder_tasks.hpp"
#include "zoo/parts/generative.hpp"

namespace xzoo {

/// Such a model as generation sees it. The cache holds ids alone. The model must outlive it.
///
/// The tokens of a decoder (config.is_decoder) see those before them, so one pass scores them all.
/// Those of another encoder see the whole text: each is then scored by a pass of its own over the
/// text that ends with it, so that no score depends on what comes later.
template <class Model>
class EncoderGenerator final : public nn::LanguageModel {
public:
    explicit EncoderGenerator(const Model& model) : model_{model} {}

    std::size_t vocab_size() const noexcept override { return Model::limits.vocab_size; }
    std::size_t hidden_size() const noexcept override { return Model::sizes.hidden; }
    std::size_t max_positions() const noexcept override {
        return Model::limits.positions - Model::limits.reserved_positions;
    }

    nn::KvCache make_cache(const CacheOptions& options) const override {
        CacheOptions filled = options;
        if (filled.capacity == 0)
            filled.capacity = max_positions();
        return nn::KvCache{layout, filled};
    }

    void step(nn::KvCache& cache, std::span<const nn::CacheStep> steps, nn::ScoredRows rows,
              bool keep_hidden_states, Workspace& workspace,
              nn::StepOutput& output) const override {
        nn::check_steps(cache, steps, layout, vocab_size(), max_positions());
        output.logits.clear();
        output.hidden_states.clear();
        std::vector<std::uint32_t> text;
        for (const nn::CacheStep& step : steps) {
            if (rows == nn::ScoredRows::none)
                break;
            text = cache.tokens(step.sequence);
            text.insert(text.end(), step.ids.begin(), step.ids.end());
            score(text, rows == nn::ScoredRows::last ? 1 : step.ids.size(), keep_hidden_states,
                  workspace, output);
        }
        // Only now: if a pass fails, the cache is as it was.
        for (const nn::CacheStep& step : steps)
            cache.append(step.sequence, step.ids);
    }

private:
    static constexpr nn::CacheLayout layout{.head_dim = 1};

    /// Appends the scores of a text's last `count` tokens.
    void score(std::span<const std::uint32_t> ids, std::size_t count, bool keep_hidden_states,
               Workspace& workspace, nn::StepOutput& output) const {
        if constexpr (Model::config.is_decoder) {
            score_at_once(ids, count, keep_hidden_states, workspace, output);
        } else {
            for (std::size_t later = count; later-- > 0;)
                score_at_once(ids.first(ids.size() - later), 1, keep_hidden_states, workspace,
                              output);
        }
    }

    void score_at_once(std::span<const std::uint32_t> ids, std::size_t count,
                       bool keep_hidden_states, Workspace& workspace,
                       nn::StepOutput& output) const {
        EncoderInputs inputs{.output_hidden_states = keep_hidden_states};
        inputs.input_ids.resize({1, ids.size()});
        std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
        typename Model::Output result;
        model_.forward(inputs, workspace, result);
        const auto append = [&](std::vector<float>& to, const xt::xtensor<float, 3>& from) {
            to.insert(to.end(), from.end() - static_cast<std::ptrdiff_t>(count * from.shape(2)),
                      from.end());
        };
        append(output.logits, result.logits);
        if (keep_hidden_states)
            append(output.hidden_states, result.hidden_states.back());
    }

    const Model& model_;
};

/// Lets an encoder with a language-model head write; it must outlive this:
///
///     CausalEncoder{bert}.generate(tokenizer("Once upon a time"), {.max_new_tokens = 20})
template <class Model>
class CausalEncoder : public Generative<CausalEncoder<Model>> {
public:
    static constexpr auto limits = Model::limits;

    explicit CausalEncoder(const Model& model) : model_{model} {}

    EncoderGenerator<Model> language_model() const { return EncoderGenerator<Model>{model_}; }
    const std::string& config_json() const { return model_.config_json(); }
    const std::string& generation_json() const { return model_.generation_json(); }

private:
    const Model& model_;
};

}  // namespace xzoo
