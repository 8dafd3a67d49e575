// Every rule of OlmoConfig broken once, and every field different in an entry once.
#include "zoo/olmo.hpp"

using namespace xzoo;

template <OlmoConfig C>
constexpr bool keeps_rules = sizeof(OlmoRules<C>) > 0;
template <OlmoConfig Model>
constexpr bool same = SameConfig<Model, OlmoConfig{}>::checked;

static_assert(keeps_rules<OlmoConfig{}> && same<OlmoConfig{}>);

#ifdef XZOO_MISTAKE

// expect: OlmoConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<OlmoConfig{.vocab_size = 0}>);
// expect: OlmoConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<OlmoConfig{.hidden_size = 0}>);
// expect: OlmoConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<OlmoConfig{.num_hidden_layers = 0}>);
// expect: OlmoConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<OlmoConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: OlmoConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<OlmoConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: OlmoConfig: 'num_key_value_heads' must divide 'num_attention_heads'
// with: 4, 6
static_assert(
    keeps_rules<OlmoConfig{.hidden_size = 48, .num_attention_heads = 6, .num_key_value_heads = 4}>);
// expect: OlmoConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<OlmoConfig{.max_position_embeddings = 0}>);
// expect: OlmoConfig: the part of a head that is rotated must be even and positive
// with: 7
static_assert(keeps_rules<OlmoConfig{.hidden_size = 42, .num_attention_heads = 6}>);
// expect: OlmoConfig: 'rope_theta' must be positive and finite
// with: 0
static_assert(keeps_rules<OlmoConfig{.rope_theta = 0.0F}>);
// expect: OlmoConfig: 'rope_scaling' must be complete and of a type without lists
static_assert(keeps_rules<OlmoConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>);
// expect: OlmoConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<OlmoConfig{.intermediate_size = 0}>);
// expect: OlmoConfig: 'clip_qkv' must be positive and finite, or null
// with: -5.0
static_assert(keeps_rules<OlmoConfig{.clip_qkv = -0.5F}>);

// expect: 'vocab_size' of the entry differs from the model's OlmoConfig
// with: 11, 50304
static_assert(same<OlmoConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's OlmoConfig
// with: 11, 4096
static_assert(same<OlmoConfig{.hidden_size = 11}>);
// expect: 'intermediate_size' of the entry differs from the model's OlmoConfig
// with: 11, 11008
static_assert(same<OlmoConfig{.intermediate_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's OlmoConfig
// with: 11, 32
static_assert(same<OlmoConfig{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's OlmoConfig
// with: 11, 32
static_assert(same<OlmoConfig{.num_attention_heads = 11}>);
// expect: 'num_key_value_heads' of the entry differs from the model's OlmoConfig
// with: 11, 0
static_assert(same<OlmoConfig{.num_key_value_heads = 11}>);
// expect: 'hidden_act' of the entry differs from the model's OlmoConfig
// with: Activation::sigmoid | Activation::silu
static_assert(same<OlmoConfig{.hidden_act = Activation::sigmoid}>);
// expect: 'max_position_embeddings' of the entry differs from the model's OlmoConfig
// with: 11, 2048
static_assert(same<OlmoConfig{.max_position_embeddings = 11}>);
// expect: 'pad_token_id' of the entry differs from the model's OlmoConfig
// with: 13, 1
static_assert(same<OlmoConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's OlmoConfig
// with: true, false
static_assert(same<OlmoConfig{.tie_word_embeddings = true}>);
// expect: 'rope_theta' of the entry differs from the model's OlmoConfig
static_assert(same<OlmoConfig{.rope_theta = 0.75F}>);
// expect: 'rope_scaling' of the entry differs from the model's OlmoConfig
static_assert(same<OlmoConfig{.rope_scaling = {.factor = 3.0F}}>);
// expect: 'attention_bias' of the entry differs from the model's OlmoConfig
// with: true, false
static_assert(same<OlmoConfig{.attention_bias = true}>);
// expect: 'clip_qkv' of the entry differs from the model's OlmoConfig
static_assert(same<OlmoConfig{.clip_qkv = 0.75F}>);

#endif
