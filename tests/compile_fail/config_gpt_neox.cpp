// Every rule of GptNeoXConfig broken once, and every field different in an entry once.
#include "zoo/gpt_neox.hpp"

using namespace xzoo;

template <GptNeoXConfig C>
constexpr bool keeps_rules = sizeof(GptNeoXRules<C>) > 0;
template <GptNeoXConfig Model>
constexpr bool same = SameConfig<Model, GptNeoXConfig{}>::checked;

static_assert(keeps_rules<GptNeoXConfig{}> && same<GptNeoXConfig{}>);

#ifdef XZOO_MISTAKE

// expect: GptNeoXConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.vocab_size = 0}>);
// expect: GptNeoXConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.hidden_size = 0}>);
// expect: GptNeoXConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.num_hidden_layers = 0}>);
// expect: GptNeoXConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<GptNeoXConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: GptNeoXConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<GptNeoXConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: GptNeoXConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.intermediate_size = 0}>);
// expect: GptNeoXConfig: 'rotary_pct' of a head must be an even, positive size
// with: 5
static_assert(
    keeps_rules<GptNeoXConfig{.hidden_size = 60, .num_attention_heads = 3, .rotary_pct = 0.25F}>);
// expect: GptNeoXConfig: 'rotary_emb_base' must be positive and finite
// with: -5.0
static_assert(keeps_rules<GptNeoXConfig{.rotary_emb_base = -0.5F}>);
// expect: GptNeoXConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.max_position_embeddings = 0}>);
// expect: GptNeoXConfig: 'rope_scaling' must be complete and of a type without lists
static_assert(keeps_rules<GptNeoXConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>);
// expect: GptNeoXConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<GptNeoXConfig{.layer_norm_eps = -0.5F}>);
// expect: GptNeoXConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<GptNeoXConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's GptNeoXConfig
// with: 11, 50432
static_assert(same<GptNeoXConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's GptNeoXConfig
// with: 11, 6144
static_assert(same<GptNeoXConfig{.hidden_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's GptNeoXConfig
// with: 11, 44
static_assert(same<GptNeoXConfig{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's GptNeoXConfig
// with: 11, 64
static_assert(same<GptNeoXConfig{.num_attention_heads = 11}>);
// expect: 'intermediate_size' of the entry differs from the model's GptNeoXConfig
// with: 11, 24576
static_assert(same<GptNeoXConfig{.intermediate_size = 11}>);
// expect: 'hidden_act' of the entry differs from the model's GptNeoXConfig
// with: Activation::sigmoid | Activation::gelu
static_assert(same<GptNeoXConfig{.hidden_act = Activation::sigmoid}>);
// expect: 'rotary_pct' of the entry differs from the model's GptNeoXConfig
static_assert(same<GptNeoXConfig{.rotary_pct = 0.75F}>);
// expect: 'rotary_emb_base' of the entry differs from the model's GptNeoXConfig
static_assert(same<GptNeoXConfig{.rotary_emb_base = 0.75F}>);
// expect: 'max_position_embeddings' of the entry differs from the model's GptNeoXConfig
// with: 11, 2048
static_assert(same<GptNeoXConfig{.max_position_embeddings = 11}>);
// expect: 'layer_norm_eps' of the entry differs from the model's GptNeoXConfig
static_assert(same<GptNeoXConfig{.layer_norm_eps = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's GptNeoXConfig
// with: 13, -1
static_assert(same<GptNeoXConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's GptNeoXConfig
// with: true, false
static_assert(same<GptNeoXConfig{.tie_word_embeddings = true}>);
// expect: 'use_parallel_residual' of the entry differs from the model's GptNeoXConfig
// with: false, true
static_assert(same<GptNeoXConfig{.use_parallel_residual = false}>);
// expect: 'rope_scaling' of the entry differs from the model's GptNeoXConfig
static_assert(same<GptNeoXConfig{.rope_scaling = {.factor = 3.0F}}>);
// expect: 'attention_bias' of the entry differs from the model's GptNeoXConfig
// with: false, true
static_assert(same<GptNeoXConfig{.attention_bias = false}>);
// expect: 'num_labels' of the entry differs from the model's GptNeoXConfig
// with: 11, 2
static_assert(same<GptNeoXConfig{.num_labels = 11}>);

#endif
