// Every rule of GptJConfig broken once, and every field different in an entry once.
#include "zoo/gptj.hpp"

using namespace xzoo;

template <GptJConfig C>
constexpr bool keeps_rules = sizeof(GptJRules<C>) > 0;
template <GptJConfig Model>
constexpr bool same = SameConfig<Model, GptJConfig{}>::checked;

static_assert(keeps_rules<GptJConfig{}> && same<GptJConfig{}>);

#ifdef XZOO_MISTAKE

// expect: GptJConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<GptJConfig{.vocab_size = 0}>);
// expect: GptJConfig: 'n_positions' must be positive
// with: 0
static_assert(keeps_rules<GptJConfig{.n_positions = 0}>);
// expect: GptJConfig: 'n_embd' must be positive
// with: 0
static_assert(keeps_rules<GptJConfig{.n_embd = 0}>);
// expect: GptJConfig: 'n_layer' must be positive
// with: 0
static_assert(keeps_rules<GptJConfig{.n_layer = 0}>);
// expect: GptJConfig: 'n_head' must divide 'n_embd'
// with: 7, 48
static_assert(keeps_rules<GptJConfig{.n_embd = 48, .n_head = 7}>);
// expect: GptJConfig: 'rotary_dim' must be even and positive
// with: 63
static_assert(keeps_rules<GptJConfig{.rotary_dim = 63}>);
// expect: GptJConfig: 'rotary_dim' must not exceed a head
// with: 258, 256
static_assert(keeps_rules<GptJConfig{.rotary_dim = 258}>);
// expect: GptJConfig: 'rotary_dim' must not exceed a head
// with: 4096, 256
static_assert(keeps_rules<GptJConfig{.rotary_dim = 0}>);
// expect: GptJConfig: 'layer_norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<GptJConfig{.layer_norm_epsilon = -0.5F}>);
// expect: GptJConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<GptJConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: GptJConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<GptJConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's GptJConfig
// with: 11, 50400
static_assert(same<GptJConfig{.vocab_size = 11}>);
// expect: 'n_positions' of the entry differs from the model's GptJConfig
// with: 11, 2048
static_assert(same<GptJConfig{.n_positions = 11}>);
// expect: 'n_embd' of the entry differs from the model's GptJConfig
// with: 11, 4096
static_assert(same<GptJConfig{.n_embd = 11}>);
// expect: 'n_layer' of the entry differs from the model's GptJConfig
// with: 11, 28
static_assert(same<GptJConfig{.n_layer = 11}>);
// expect: 'n_head' of the entry differs from the model's GptJConfig
// with: 11, 16
static_assert(same<GptJConfig{.n_head = 11}>);
// expect: 'rotary_dim' of the entry differs from the model's GptJConfig
// with: 11, 64
static_assert(same<GptJConfig{.rotary_dim = 11}>);
// expect: 'n_inner' of the entry differs from the model's GptJConfig
// with: 11, 0
static_assert(same<GptJConfig{.n_inner = 11}>);
// expect: 'activation_function' of the entry differs from the model's GptJConfig
// with: Activation::sigmoid | Activation::gelu_new
static_assert(same<GptJConfig{.activation_function = Activation::sigmoid}>);
// expect: 'layer_norm_epsilon' of the entry differs from the model's GptJConfig
static_assert(same<GptJConfig{.layer_norm_epsilon = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's GptJConfig
// with: 13, -1
static_assert(same<GptJConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's GptJConfig
// with: true, false
static_assert(same<GptJConfig{.tie_word_embeddings = true}>);
// expect: 'num_labels' of the entry differs from the model's GptJConfig
// with: 11, 2
static_assert(same<GptJConfig{.num_labels = 11}>);

#endif
