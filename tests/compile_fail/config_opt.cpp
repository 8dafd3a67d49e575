// Every rule of OptConfig broken once, and every field different in an entry once.
#include "zoo/opt.hpp"

using namespace xzoo;

template <OptConfig C>
constexpr bool keeps_rules = sizeof(OptRules<C>) > 0;
template <OptConfig Model>
constexpr bool same = SameConfig<Model, OptConfig{}>::checked;

static_assert(keeps_rules<OptConfig{}> && same<OptConfig{}>);

#ifdef XZOO_MISTAKE

// expect: OptConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.vocab_size = 0}>);
// expect: OptConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.hidden_size = 0}>);
// expect: OptConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.num_hidden_layers = 0}>);
// expect: OptConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<OptConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: OptConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<OptConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: OptConfig: 'ffn_dim' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.ffn_dim = 0}>);
// expect: OptConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.max_position_embeddings = 0}>);
// expect: OptConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<OptConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's OptConfig
// with: 11, 50272
static_assert(same<OptConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's OptConfig
// with: 11, 768
static_assert(same<OptConfig{.hidden_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's OptConfig
// with: 11, 12
static_assert(same<OptConfig{.num_hidden_layers = 11}>);
// expect: 'ffn_dim' of the entry differs from the model's OptConfig
// with: 11, 3072
static_assert(same<OptConfig{.ffn_dim = 11}>);
// expect: 'max_position_embeddings' of the entry differs from the model's OptConfig
// with: 11, 2048
static_assert(same<OptConfig{.max_position_embeddings = 11}>);
// expect: 'do_layer_norm_before' of the entry differs from the model's OptConfig
// with: false, true
static_assert(same<OptConfig{.do_layer_norm_before = false}>);
// expect: '_remove_final_layer_norm' of the entry differs from the model's OptConfig
// with: true, false
static_assert(same<OptConfig{._remove_final_layer_norm = true}>);
// expect: 'word_embed_proj_dim' of the entry differs from the model's OptConfig
// with: 11, 0
static_assert(same<OptConfig{.word_embed_proj_dim = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's OptConfig
// with: 11, 12
static_assert(same<OptConfig{.num_attention_heads = 11}>);
// expect: 'activation_function' of the entry differs from the model's OptConfig
// with: Activation::sigmoid | Activation::relu
static_assert(same<OptConfig{.activation_function = Activation::sigmoid}>);
// expect: 'pad_token_id' of the entry differs from the model's OptConfig
// with: 13, 1
static_assert(same<OptConfig{.pad_token_id = 13}>);
// expect: 'enable_bias' of the entry differs from the model's OptConfig
// with: false, true
static_assert(same<OptConfig{.enable_bias = false}>);
// expect: 'layer_norm_elementwise_affine' of the entry differs from the model's OptConfig
// with: false, true
static_assert(same<OptConfig{.layer_norm_elementwise_affine = false}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's OptConfig
// with: false, true
static_assert(same<OptConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's OptConfig
// with: 11, 2
static_assert(same<OptConfig{.num_labels = 11}>);

#endif
