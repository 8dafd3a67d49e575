// Every rule of PhiConfig broken once, and every field different in an entry once.
#include "zoo/phi.hpp"

using namespace xzoo;

template <PhiConfig C>
constexpr bool keeps_rules = sizeof(PhiRules<C>) > 0;
template <PhiConfig Model>
constexpr bool same = SameConfig<Model, PhiConfig{}>::checked;

static_assert(keeps_rules<PhiConfig{}> && same<PhiConfig{}>);

#ifdef XZOO_MISTAKE

// expect: PhiConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.vocab_size = 0}>);
// expect: PhiConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.hidden_size = 0}>);
// expect: PhiConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.num_hidden_layers = 0}>);
// expect: PhiConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<PhiConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: PhiConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<PhiConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: PhiConfig: 'num_key_value_heads' must divide 'num_attention_heads'
// with: 4, 6
static_assert(
    keeps_rules<PhiConfig{.hidden_size = 48, .num_attention_heads = 6, .num_key_value_heads = 4}>);
// expect: PhiConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.max_position_embeddings = 0}>);
// expect: PhiConfig: the part of a head that is rotated must be even and positive
// with: 5
static_assert(keeps_rules<PhiConfig{
                  .hidden_size = 60, .num_attention_heads = 6, .partial_rotary_factor = 0.5F}>);
// expect: PhiConfig: the part of a head that is rotated must be even and positive
// with: 0
static_assert(keeps_rules<PhiConfig{.partial_rotary_factor = 1.5F}>);
// expect: PhiConfig: 'rope_theta' must be positive and finite
// with: 0
static_assert(keeps_rules<PhiConfig{.rope_theta = 0.0F}>);
// expect: PhiConfig: 'rope_scaling' must be complete and of a type without lists
static_assert(keeps_rules<PhiConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>);
// expect: PhiConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.intermediate_size = 0}>);
// expect: PhiConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<PhiConfig{.layer_norm_eps = -0.5F}>);
// expect: PhiConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<PhiConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's PhiConfig
// with: 11, 51200
static_assert(same<PhiConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's PhiConfig
// with: 11, 2048
static_assert(same<PhiConfig{.hidden_size = 11}>);
// expect: 'intermediate_size' of the entry differs from the model's PhiConfig
// with: 11, 8192
static_assert(same<PhiConfig{.intermediate_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's PhiConfig
// with: 11, 24
static_assert(same<PhiConfig{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's PhiConfig
// with: 11, 32
static_assert(same<PhiConfig{.num_attention_heads = 11}>);
// expect: 'num_key_value_heads' of the entry differs from the model's PhiConfig
// with: 11, 0
static_assert(same<PhiConfig{.num_key_value_heads = 11}>);
// expect: 'hidden_act' of the entry differs from the model's PhiConfig
// with: Activation::sigmoid | Activation::gelu_new
static_assert(same<PhiConfig{.hidden_act = Activation::sigmoid}>);
// expect: 'max_position_embeddings' of the entry differs from the model's PhiConfig
// with: 11, 2048
static_assert(same<PhiConfig{.max_position_embeddings = 11}>);
// expect: 'layer_norm_eps' of the entry differs from the model's PhiConfig
static_assert(same<PhiConfig{.layer_norm_eps = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's PhiConfig
// with: 13, -1
static_assert(same<PhiConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's PhiConfig
// with: true, false
static_assert(same<PhiConfig{.tie_word_embeddings = true}>);
// expect: 'rope_theta' of the entry differs from the model's PhiConfig
static_assert(same<PhiConfig{.rope_theta = 0.75F}>);
// expect: 'rope_scaling' of the entry differs from the model's PhiConfig
static_assert(same<PhiConfig{.rope_scaling = {.factor = 3.0F}}>);
// expect: 'partial_rotary_factor' of the entry differs from the model's PhiConfig
static_assert(same<PhiConfig{.partial_rotary_factor = 0.75F}>);
// expect: 'qk_layernorm' of the entry differs from the model's PhiConfig
// with: true, false
static_assert(same<PhiConfig{.qk_layernorm = true}>);
// expect: 'num_labels' of the entry differs from the model's PhiConfig
// with: 11, 2
static_assert(same<PhiConfig{.num_labels = 11}>);

#endif
