// Every rule of XlmRobertaConfig broken once, and every field different in an entry once.
#include "zoo/xlm_roberta.hpp"

using namespace xzoo;

template <XlmRobertaConfig C>
constexpr bool keeps_rules = sizeof(XlmRobertaRules<C>) > 0;
template <XlmRobertaConfig Model, XlmRobertaConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<xlm_roberta_base> && same<xlm_roberta_base, xlm_roberta_base>);

#ifdef XZOO_MISTAKE

// expect: XlmRobertaConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.vocab_size = 0}>);
// expect: XlmRobertaConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.hidden_size = 0}>);
// expect: XlmRobertaConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.num_hidden_layers = 0}>);
// expect: XlmRobertaConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<XlmRobertaConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: XlmRobertaConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.intermediate_size = 0}>);
// expect: XlmRobertaConfig: 'max_position_embeddings' must be above 'pad_token_id' + 1, where
// with: 6, 5
static_assert(keeps_rules<XlmRobertaConfig{.max_position_embeddings = 6, .pad_token_id = 5}>);
// expect: XlmRobertaConfig: 'type_vocab_size' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.type_vocab_size = 0}>);
// expect: XlmRobertaConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<XlmRobertaConfig{.layer_norm_eps = -0.5F}>);
// expect: XlmRobertaConfig: 'pad_token_id' must not be null: positions are counted from it
// with: -1
static_assert(keeps_rules<XlmRobertaConfig{.pad_token_id = -1}>);
// expect: XlmRobertaConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<XlmRobertaConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: XlmRobertaConfig: 'bos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<XlmRobertaConfig{.vocab_size = 70, .bos_token_id = 70}>);
// expect: XlmRobertaConfig: 'eos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<XlmRobertaConfig{.vocab_size = 70, .eos_token_id = 70}>);
// expect: XlmRobertaConfig: 'position_embedding_type' must be absolute
// with: PositionEmbedding::relative_key
static_assert(
    keeps_rules<XlmRobertaConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: XlmRobertaConfig: 'add_cross_attention' must be false
// with: true
static_assert(keeps_rules<XlmRobertaConfig{.add_cross_attention = true}>);
// expect: XlmRobertaConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<XlmRobertaConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.vocab_size = 11}, XlmRobertaConfig{.vocab_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.hidden_size = 11}, XlmRobertaConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(
    same<XlmRobertaConfig{.num_hidden_layers = 11}, XlmRobertaConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(
    same<XlmRobertaConfig{.num_attention_heads = 11}, XlmRobertaConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(
    same<XlmRobertaConfig{.intermediate_size = 11}, XlmRobertaConfig{.intermediate_size = 13}>);
// expect: 'hidden_act' of the entry differs from the model's XlmRobertaConfig
// with: Activation::relu | Activation::silu
static_assert(same<XlmRobertaConfig{.hidden_act = Activation::relu},
                   XlmRobertaConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.max_position_embeddings = 11},
                   XlmRobertaConfig{.max_position_embeddings = 13}>);
// expect: 'type_vocab_size' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(
    same<XlmRobertaConfig{.type_vocab_size = 11}, XlmRobertaConfig{.type_vocab_size = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's XlmRobertaConfig
// with: 5.0 | 2.5
static_assert(
    same<XlmRobertaConfig{.layer_norm_eps = 0.5F}, XlmRobertaConfig{.layer_norm_eps = 0.25F}>);
// expect: 'pad_token_id' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.pad_token_id = 11}, XlmRobertaConfig{.pad_token_id = 13}>);
// expect: 'bos_token_id' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.bos_token_id = 11}, XlmRobertaConfig{.bos_token_id = 13}>);
// expect: 'eos_token_id' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.eos_token_id = 11}, XlmRobertaConfig{.eos_token_id = 13}>);
// expect: 'position_embedding_type' of the entry differs from the model's XlmRobertaConfig
// with: PositionEmbedding::absolute | PositionEmbedding::relative_key
static_assert(same<XlmRobertaConfig{.position_embedding_type = PositionEmbedding::absolute},
                   XlmRobertaConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: 'is_decoder' of the entry differs from the model's XlmRobertaConfig
// with: true, false
static_assert(same<XlmRobertaConfig{.is_decoder = true}, XlmRobertaConfig{.is_decoder = false}>);
// expect: 'add_cross_attention' of the entry differs from the model's XlmRobertaConfig
// with: true, false
static_assert(same<XlmRobertaConfig{.add_cross_attention = true},
                   XlmRobertaConfig{.add_cross_attention = false}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's XlmRobertaConfig
// with: true, false
static_assert(same<XlmRobertaConfig{.tie_word_embeddings = true},
                   XlmRobertaConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's XlmRobertaConfig
// with: 11, 13
static_assert(same<XlmRobertaConfig{.num_labels = 11}, XlmRobertaConfig{.num_labels = 13}>);

#endif
