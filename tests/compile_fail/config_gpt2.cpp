// Every rule of Gpt2Config broken once, and every field different in an entry once.
#include "zoo/gpt2.hpp"

using namespace xzoo;

template <Gpt2Config C>
constexpr bool keeps_rules = sizeof(Gpt2Rules<C>) > 0;
template <Gpt2Config Model>
constexpr bool same = SameConfig<Model, Gpt2Config{}>::checked;

static_assert(keeps_rules<Gpt2Config{}> && same<Gpt2Config{}>);

#ifdef XZOO_MISTAKE

// expect: Gpt2Config: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<Gpt2Config{.vocab_size = 0}>);
// expect: Gpt2Config: 'n_positions' must be positive
// with: 0
static_assert(keeps_rules<Gpt2Config{.n_positions = 0}>);
// expect: Gpt2Config: 'n_embd' must be positive
// with: 0
static_assert(keeps_rules<Gpt2Config{.n_embd = 0}>);
// expect: Gpt2Config: 'n_layer' must be positive
// with: 0
static_assert(keeps_rules<Gpt2Config{.n_layer = 0}>);
// expect: Gpt2Config: 'n_head' must divide 'n_embd'
// with: 7, 48
static_assert(keeps_rules<Gpt2Config{.n_embd = 48, .n_head = 7}>);
// expect: Gpt2Config: 'layer_norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<Gpt2Config{.layer_norm_epsilon = -0.5F}>);
// expect: Gpt2Config: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<Gpt2Config{.vocab_size = 70, .pad_token_id = 70}>);
// expect: Gpt2Config: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<Gpt2Config{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's Gpt2Config
// with: 11, 50257
static_assert(same<Gpt2Config{.vocab_size = 11}>);
// expect: 'n_positions' of the entry differs from the model's Gpt2Config
// with: 11, 1024
static_assert(same<Gpt2Config{.n_positions = 11}>);
// expect: 'n_embd' of the entry differs from the model's Gpt2Config
// with: 11, 768
static_assert(same<Gpt2Config{.n_embd = 11}>);
// expect: 'n_layer' of the entry differs from the model's Gpt2Config
// with: 11, 12
static_assert(same<Gpt2Config{.n_layer = 11}>);
// expect: 'n_head' of the entry differs from the model's Gpt2Config
// with: 11, 12
static_assert(same<Gpt2Config{.n_head = 11}>);
// expect: 'n_inner' of the entry differs from the model's Gpt2Config
// with: 11, 0
static_assert(same<Gpt2Config{.n_inner = 11}>);
// expect: 'activation_function' of the entry differs from the model's Gpt2Config
// with: Activation::sigmoid | Activation::gelu_new
static_assert(same<Gpt2Config{.activation_function = Activation::sigmoid}>);
// expect: 'layer_norm_epsilon' of the entry differs from the model's Gpt2Config
static_assert(same<Gpt2Config{.layer_norm_epsilon = 0.75F}>);
// expect: 'scale_attn_weights' of the entry differs from the model's Gpt2Config
// with: false, true
static_assert(same<Gpt2Config{.scale_attn_weights = false}>);
// expect: 'scale_attn_by_inverse_layer_idx' of the entry differs from the model's Gpt2Config
// with: true, false
static_assert(same<Gpt2Config{.scale_attn_by_inverse_layer_idx = true}>);
// expect: 'pad_token_id' of the entry differs from the model's Gpt2Config
// with: 13, -1
static_assert(same<Gpt2Config{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's Gpt2Config
// with: false, true
static_assert(same<Gpt2Config{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's Gpt2Config
// with: 11, 2
static_assert(same<Gpt2Config{.num_labels = 11}>);

#endif
