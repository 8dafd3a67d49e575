// Encoders that write.
#include "zoo/parts/causal_encoder.hpp"

#include <initializer_list>
#include <span>
#include <vector>

#include "support.hpp"
#include "xzoo/generation/score_text.hpp"
#include "zoo/bert.hpp"
#include "zoo/roberta.hpp"

using namespace xzoo;

namespace {

using Tokens = std::vector<std::uint32_t>;

constexpr BertConfig encoding{.vocab_size = 97,
                              .hidden_size = 32,
                              .num_hidden_layers = 2,
                              .num_attention_heads = 4,
                              .intermediate_size = 48,
                              .max_position_embeddings = 20};
constexpr BertConfig decoding = [] {
    BertConfig config = encoding;
    config.is_decoder = true;
    return config;
}();
// Rows 0 and 1 of its 12 positions are no token's.
constexpr RobertaConfig roberta{.vocab_size = 97,
                                .hidden_size = 32,
                                .num_hidden_layers = 1,
                                .num_attention_heads = 4,
                                .intermediate_size = 48,
                                .max_position_embeddings = 12,
                                .type_vocab_size = 1,
                                .is_decoder = true};

using Encoder = BertLMHeadModel<encoding>;
using Decoder = BertLMHeadModel<decoding>;

/// The scores of a text that is read in pieces of `size` tokens.
template <class Model>
std::vector<float> in_pieces(const Model& model, std::span<const std::uint32_t> ids,
                             std::size_t size) {
    const EncoderGenerator<Model> generator{model};
    nn::KvCache cache = generator.make_cache({});
    Workspace workspace{1};
    nn::StepOutput output;
    std::vector<float> scores;
    for (std::size_t at = 0; at < ids.size(); at += size) {
        const nn::CacheStep step{0, ids.subspan(at, std::min(size, ids.size() - at))};
        generator.step(cache, {&step, 1}, nn::ScoredRows::all, true, workspace, output);
        CHECK(output.hidden_states.size() == step.ids.size() * generator.hidden_size());
        scores.insert(scores.end(), output.logits.begin(), output.logits.end());
    }
    return scores;
}

template <class Model>
GeneratedSequence write(const Model& model, const Tokens& prompt,
                        const GenerationConfig& settings) {
    return CausalEncoder{model}.generate(std::span{&prompt, 1}, settings).sequences.at(0);
}

}  // namespace

TEST_CASE("an encoder has the same scores in whatever pieces a text is read", "[zoo][bert]") {
    const Tokens ids{5, 6, 7, 8, 9, 10, 11, 12, 13};
    const auto check = [&](const auto& model) {
        const std::vector<float> one_by_one = in_pieces(model, ids, 1);
        for (const std::size_t size : std::initializer_list<std::size_t>{2, 5, 9})
            test::require_close(in_pieces(model, ids, size), one_by_one, 1e-5);
    };
    check(Encoder{}.random_init(3));
    check(Decoder{}.random_init(3));
}

TEST_CASE("no token is scored by what comes after it", "[zoo][bert]") {
    const auto check = [](const auto& model) {
        const auto generator = CausalEncoder{model}.language_model();
        const TextScore one = score_text(generator, Tokens{5, 6, 7, 8});
        const TextScore other = score_text(generator, Tokens{5, 6, 9, 10});
        CHECK(one.log_probs[0] == Approx(other.log_probs[0]).margin(1e-6));
        CHECK(one.log_probs[1] != Approx(other.log_probs[1]).margin(1e-6));
        const Tokens prompt{5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6};
        CHECK(write(model, prompt, {.max_new_tokens = 8}).ids ==
              write(model, prompt, {.max_new_tokens = 8, .prompt_lookup_num_tokens = 4}).ids);
    };
    check(Encoder{}.random_init(3));
    check(Decoder{}.random_init(3));
}

TEST_CASE("an encoder writes as long as it has positions", "[zoo][bert][roberta]") {
    const GeneratedSequence text =
        write(Decoder{}.random_init(1), {5, 6, 7}, {.max_new_tokens = 40});
    CHECK(text.finish_reason == FinishReason::context_full);
    CHECK(text.ids.size() == 21);  // the last one need not be read
    const auto model = RobertaForCausalLM<roberta>{}.random_init(1);
    const auto generator = CausalEncoder{model}.language_model();
    CHECK(generator.max_positions() == 10);
    const GeneratedSequence shorter = write(model, {5, 6, 7}, {.max_new_tokens = 40});
    CHECK(shorter.finish_reason == FinishReason::context_full);
    CHECK(shorter.ids.size() == 11);
    CHECK(score_text(generator, Tokens(30, 7)).log_probs.size() == 29);
}

TEST_CASE("a step that an encoder cannot do changes nothing", "[zoo][bert]") {
    const Encoder model;
    const EncoderGenerator<Encoder> generator{model};
    nn::KvCache cache = generator.make_cache({.sequences = 2, .capacity = 30});
    Workspace workspace{1};
    nn::StepOutput output;
    const auto step = [&](nn::KvCache& to, const std::vector<nn::CacheStep>& steps) {
        generator.step(to, steps, nn::ScoredRows::last, false, workspace, output);
    };
    const Tokens two{1, 2};
    const Tokens wrong{1, 97};
    const Tokens many(21, 5);
    CHECK_THROWS_AS(step(cache, {{0, {}}}), ArgumentError);
    CHECK_THROWS_AS(step(cache, {{0, two}, {0, two}}), ArgumentError);
    CHECK_THROWS_AS(step(cache, {{0, wrong}}), ArgumentError);
    CHECK_THROWS_AS(step(cache, {{2, two}}), ArgumentError);
    CHECK_THROWS_AS(step(cache, {{0, many}}), CacheFull);
    CHECK_THROWS_AS(step(cache, {{1, two}, {0, two}}), ArgumentError);  // there are no weights
    CHECK(cache.length(0) == 0);
    CHECK(cache.length(1) == 0);
    nn::KvCache other{{.layers = 1, .kv_heads = 1, .head_dim = 1}, {.capacity = 4}};
    CHECK_THROWS_AS(step(other, {{0, two}}), ArgumentError);
}
