// Every rule of OpenAiGptConfig broken once, and every field different in an entry once.
#include "zoo/openai_gpt.hpp"

using namespace xzoo;

template <OpenAiGptConfig C>
constexpr bool keeps_rules = sizeof(OpenAiGptRules<C>) > 0;
template <OpenAiGptConfig Model>
constexpr bool same = SameConfig<Model, OpenAiGptConfig{}>::checked;

static_assert(keeps_rules<OpenAiGptConfig{}> && same<OpenAiGptConfig{}>);

#ifdef XZOO_MISTAKE

// expect: OpenAiGptConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<OpenAiGptConfig{.vocab_size = 0}>);
// expect: OpenAiGptConfig: 'n_positions' must be positive
// with: 0
static_assert(keeps_rules<OpenAiGptConfig{.n_positions = 0}>);
// expect: OpenAiGptConfig: 'n_embd' must be positive
// with: 0
static_assert(keeps_rules<OpenAiGptConfig{.n_embd = 0}>);
// expect: OpenAiGptConfig: 'n_layer' must be positive
// with: 0
static_assert(keeps_rules<OpenAiGptConfig{.n_layer = 0}>);
// expect: OpenAiGptConfig: 'n_head' must divide 'n_embd'
// with: 7, 48
static_assert(keeps_rules<OpenAiGptConfig{.n_embd = 48, .n_head = 7}>);
// expect: OpenAiGptConfig: 'afn' must be gelu, relu or silu
// with: Activation::tanh
static_assert(keeps_rules<OpenAiGptConfig{.afn = Activation::tanh}>);
// expect: OpenAiGptConfig: 'layer_norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<OpenAiGptConfig{.layer_norm_epsilon = -0.5F}>);
// expect: OpenAiGptConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<OpenAiGptConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: OpenAiGptConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<OpenAiGptConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's OpenAiGptConfig
// with: 11, 40478
static_assert(same<OpenAiGptConfig{.vocab_size = 11}>);
// expect: 'n_positions' of the entry differs from the model's OpenAiGptConfig
// with: 11, 512
static_assert(same<OpenAiGptConfig{.n_positions = 11}>);
// expect: 'n_embd' of the entry differs from the model's OpenAiGptConfig
// with: 11, 768
static_assert(same<OpenAiGptConfig{.n_embd = 11}>);
// expect: 'n_layer' of the entry differs from the model's OpenAiGptConfig
// with: 11, 12
static_assert(same<OpenAiGptConfig{.n_layer = 11}>);
// expect: 'n_head' of the entry differs from the model's OpenAiGptConfig
// with: 11, 12
static_assert(same<OpenAiGptConfig{.n_head = 11}>);
// expect: 'afn' of the entry differs from the model's OpenAiGptConfig
// with: Activation::sigmoid | Activation::gelu
static_assert(same<OpenAiGptConfig{.afn = Activation::sigmoid}>);
// expect: 'layer_norm_epsilon' of the entry differs from the model's OpenAiGptConfig
static_assert(same<OpenAiGptConfig{.layer_norm_epsilon = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's OpenAiGptConfig
// with: 13, -1
static_assert(same<OpenAiGptConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's OpenAiGptConfig
// with: false, true
static_assert(same<OpenAiGptConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's OpenAiGptConfig
// with: 11, 2
static_assert(same<OpenAiGptConfig{.num_labels = 11}>);

#endif
