// Every rule of FalconConfig broken once, and every field different in an entry once.
#include "zoo/falcon.hpp"

using namespace xzoo;

template <FalconConfig C>
constexpr bool keeps_rules = sizeof(FalconRules<C>) > 0;
template <FalconConfig Model>
constexpr bool same = SameConfig<Model, FalconConfig{}>::checked;

static_assert(keeps_rules<FalconConfig{}> && same<FalconConfig{}>);

#ifdef XZOO_MISTAKE

// expect: FalconConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<FalconConfig{.vocab_size = 0}>);
// expect: FalconConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<FalconConfig{.hidden_size = 0}>);
// expect: FalconConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<FalconConfig{.num_hidden_layers = 0}>);
// expect: FalconConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<FalconConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: FalconConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<FalconConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: FalconConfig: 'num_kv_heads' must divide 'num_attention_heads'
// with: 4, 6
static_assert(keeps_rules<FalconConfig{.hidden_size = 48,
                                       .num_attention_heads = 6,
                                       .num_kv_heads = 4,
                                       .new_decoder_architecture = true}>);
// expect: FalconConfig: a head must be of even size, or 'alibi' true
// with: 3, false
static_assert(keeps_rules<FalconConfig{.hidden_size = 21, .num_attention_heads = 7}>);
// expect: FalconConfig: 'parallel_attn' must be true in the new architecture
// with: true, false
static_assert(keeps_rules<FalconConfig{.new_decoder_architecture = true, .parallel_attn = false}>);
// expect: FalconConfig: 'num_ln_in_parallel_attn' must be 1, or 2 in the new architecture
// with: 2, false
static_assert(keeps_rules<FalconConfig{.num_ln_in_parallel_attn = 2}>);
// expect: FalconConfig: 'num_ln_in_parallel_attn' must be 1, or 2 in the new architecture
// with: 3, true
static_assert(
    keeps_rules<FalconConfig{.num_ln_in_parallel_attn = 3, .new_decoder_architecture = true}>);
// expect: FalconConfig: 'layer_norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<FalconConfig{.layer_norm_epsilon = -0.5F}>);
// expect: FalconConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<FalconConfig{.max_position_embeddings = 0}>);
// expect: FalconConfig: 'rope_theta' must be positive and finite
// with: 0
static_assert(keeps_rules<FalconConfig{.rope_theta = 0.0F}>);
// expect: FalconConfig: 'rope_scaling' must be complete and of a type without lists
static_assert(keeps_rules<FalconConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>);
// expect: FalconConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<FalconConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's FalconConfig
// with: 11, 65024
static_assert(same<FalconConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's FalconConfig
// with: 11, 4544
static_assert(same<FalconConfig{.hidden_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's FalconConfig
// with: 11, 32
static_assert(same<FalconConfig{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's FalconConfig
// with: 11, 71
static_assert(same<FalconConfig{.num_attention_heads = 11}>);
// expect: 'num_ln_in_parallel_attn' of the entry differs from the model's FalconConfig
// with: 11, 0
static_assert(same<FalconConfig{.num_ln_in_parallel_attn = 11}>);
// expect: 'layer_norm_epsilon' of the entry differs from the model's FalconConfig
static_assert(same<FalconConfig{.layer_norm_epsilon = 0.75F}>);
// expect: 'num_kv_heads' of the entry differs from the model's FalconConfig
// with: 11, 0
static_assert(same<FalconConfig{.num_kv_heads = 11}>);
// expect: 'alibi' of the entry differs from the model's FalconConfig
// with: true, false
static_assert(same<FalconConfig{.alibi = true}>);
// expect: 'new_decoder_architecture' of the entry differs from the model's FalconConfig
// with: true, false
static_assert(same<FalconConfig{.new_decoder_architecture = true}>);
// expect: 'multi_query' of the entry differs from the model's FalconConfig
// with: false, true
static_assert(same<FalconConfig{.multi_query = false}>);
// expect: 'parallel_attn' of the entry differs from the model's FalconConfig
// with: false, true
static_assert(same<FalconConfig{.parallel_attn = false}>);
// expect: 'bias' of the entry differs from the model's FalconConfig
// with: true, false
static_assert(same<FalconConfig{.bias = true}>);
// expect: 'max_position_embeddings' of the entry differs from the model's FalconConfig
// with: 11, 2048
static_assert(same<FalconConfig{.max_position_embeddings = 11}>);
// expect: 'rope_theta' of the entry differs from the model's FalconConfig
static_assert(same<FalconConfig{.rope_theta = 0.75F}>);
// expect: 'rope_scaling' of the entry differs from the model's FalconConfig
static_assert(same<FalconConfig{.rope_scaling = {.factor = 3.0F}}>);
// expect: 'ffn_hidden_size' of the entry differs from the model's FalconConfig
// with: 11, 0
static_assert(same<FalconConfig{.ffn_hidden_size = 11}>);
// expect: 'activation' of the entry differs from the model's FalconConfig
// with: Activation::sigmoid | Activation::gelu
static_assert(same<FalconConfig{.activation = Activation::sigmoid}>);
// expect: 'pad_token_id' of the entry differs from the model's FalconConfig
// with: 13, -1
static_assert(same<FalconConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's FalconConfig
// with: false, true
static_assert(same<FalconConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's FalconConfig
// with: 11, 2
static_assert(same<FalconConfig{.num_labels = 11}>);

#endif
