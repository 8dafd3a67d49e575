// Texts that grow beyond the length at which a model's rotary angles change.
#include <array>
#include <limits>
#include <vector>

#include "nn/decoder_support.hpp"
#include "xzoo/generation/generate.hpp"
#include "zoo/phi3.hpp"

using namespace xzoo;

namespace {

using Tokens = std::vector<std::uint32_t>;

constexpr Phi3RopeScaling scaling() {
    Phi3RopeScaling made;
    made.type = Phi3RopeType::longrope;
    made.short_factor.size = made.long_factor.size = 4;
    made.short_factor.values = {1.0F, 1.0F, 1.0F, 1.0F};
    made.long_factor.values = {1.5F, 3.5F, 5.5F, 7.5F};
    return made;
}
constexpr Phi3Config phi3{.vocab_size = 97,
                          .hidden_size = 32,
                          .intermediate_size = 48,
                          .num_hidden_layers = 2,
                          .num_attention_heads = 4,
                          .max_position_embeddings = 64,
                          .original_max_position_embeddings = 16,
                          .pad_token_id = 0,
                          .rope_scaling = scaling()};

constexpr LlamaConfig with_rope(RopeType type) {
    LlamaConfig config = test::small_llama;
    config.rope_scaling = {.rope_type = type, .factor = 2.0F};
    return config;
}

template <LlamaConfig C>
std::size_t tokens_at_once(std::size_t length) {
    return test::Decoder<LlamaForCausalLM<C>>{}.model.tokens_at_once(length);
}

}  // namespace

TEST_CASE("guesses do not cross the length at which angles change", "[zoo][phi3]") {
    const test::Decoder<Phi3ForCausalLM<phi3>> decoder;
    const std::vector<Tokens> prompts{{5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6}, Tokens(15, 3), {9}};
    GenerateOptions options{.log_probs = 0};
    const GenerationResult plain =
        generate(decoder.model, prompts, {.max_new_tokens = 24}, options);
    for (const std::size_t count : {1U, 3U, 6U, 20U})
        for (const bool drafted : {false, true}) {
            INFO(count << (drafted ? " drafted" : " looked up"));
            GenerationConfig guessing{.max_new_tokens = 24};
            options.draft_model = drafted ? &decoder.model : nullptr;
            if (drafted)
                guessing.num_assistant_tokens = count;
            else
                guessing.prompt_lookup_num_tokens = count;
            const GenerationResult guessed = generate(decoder.model, prompts, guessing, options);
            for (std::size_t i = 0; i < prompts.size(); ++i) {
                CHECK(guessed.sequences[i].ids == plain.sequences[i].ids);
                test::require_close(guessed.sequences[i].log_probs, plain.sequences[i].log_probs,
                                    1e-4);
            }
            CHECK((!drafted || guessed.model_steps < plain.model_steps));
        }
}

TEST_CASE("a model says how many tokens it reads alike", "[zoo]") {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    const test::Decoder<Phi3ForCausalLM<phi3>> longrope;
    CHECK(longrope.model.tokens_at_once(0) == 16);
    CHECK(longrope.model.tokens_at_once(15) == 1);
    CHECK(longrope.model.tokens_at_once(16) == all);
    CHECK(tokens_at_once<with_rope(RopeType::dynamic)>(200) == 56);
    CHECK(tokens_at_once<with_rope(RopeType::dynamic)>(256) == 1);
    CHECK(tokens_at_once<with_rope(RopeType::dynamic)>(300) == 1);
    CHECK(tokens_at_once<with_rope(RopeType::linear)>(300) == all);
    CHECK(tokens_at_once<test::small_llama>(0) == all);
}
