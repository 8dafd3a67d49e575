// Every rule of MpnetConfig broken once, and every field different in an entry once.
#include "zoo/mpnet.hpp"

using namespace xzoo;

template <MpnetConfig C>
constexpr bool keeps_rules = sizeof(MpnetRules<C>) > 0;
template <MpnetConfig Model, MpnetConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<mpnet_base> && same<mpnet_base, mpnet_base>);

#ifdef XZOO_MISTAKE

// expect: MpnetConfig: 'vocab_size' must be 2 or more: the padding id is 1
// with: 1
static_assert(keeps_rules<MpnetConfig{.vocab_size = 1}>);
// expect: MpnetConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<MpnetConfig{.hidden_size = 0}>);
// expect: MpnetConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<MpnetConfig{.num_hidden_layers = 0}>);
// expect: MpnetConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<MpnetConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: MpnetConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<MpnetConfig{.intermediate_size = 0}>);
// expect: MpnetConfig: 'max_position_embeddings' must be 3 or more: positions begin at 2
// with: 2
static_assert(keeps_rules<MpnetConfig{.max_position_embeddings = 2}>);
// expect: MpnetConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<MpnetConfig{.layer_norm_eps = -0.5F}>);
// expect: MpnetConfig: 'relative_attention_num_buckets' must be 4 or more
// with: 3
static_assert(keeps_rules<MpnetConfig{.relative_attention_num_buckets = 3}>);
// expect: MpnetConfig: 'relative_attention_num_buckets' must be 508 or less
// with: 509
static_assert(keeps_rules<MpnetConfig{.relative_attention_num_buckets = 509}>);
// expect: MpnetConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<MpnetConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: MpnetConfig: 'bos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<MpnetConfig{.vocab_size = 70, .bos_token_id = 70}>);
// expect: MpnetConfig: 'eos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<MpnetConfig{.vocab_size = 70, .eos_token_id = 70}>);
// expect: MpnetConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<MpnetConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.vocab_size = 11}, MpnetConfig{.vocab_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.hidden_size = 11}, MpnetConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.num_hidden_layers = 11}, MpnetConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.num_attention_heads = 11}, MpnetConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.intermediate_size = 11}, MpnetConfig{.intermediate_size = 13}>);
// expect: 'hidden_act' of the entry differs from the model's MpnetConfig
// with: Activation::relu | Activation::silu
static_assert(
    same<MpnetConfig{.hidden_act = Activation::relu}, MpnetConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(
    same<MpnetConfig{.max_position_embeddings = 11}, MpnetConfig{.max_position_embeddings = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's MpnetConfig
// with: 5.0 | 2.5
static_assert(same<MpnetConfig{.layer_norm_eps = 0.5F}, MpnetConfig{.layer_norm_eps = 0.25F}>);
// expect: 'relative_attention_num_buckets' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.relative_attention_num_buckets = 11},
                   MpnetConfig{.relative_attention_num_buckets = 13}>);
// expect: 'pad_token_id' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.pad_token_id = 11}, MpnetConfig{.pad_token_id = 13}>);
// expect: 'bos_token_id' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.bos_token_id = 11}, MpnetConfig{.bos_token_id = 13}>);
// expect: 'eos_token_id' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.eos_token_id = 11}, MpnetConfig{.eos_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's MpnetConfig
// with: true, false
static_assert(
    same<MpnetConfig{.tie_word_embeddings = true}, MpnetConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's MpnetConfig
// with: 11, 13
static_assert(same<MpnetConfig{.num_labels = 11}, MpnetConfig{.num_labels = 13}>);

#endif
