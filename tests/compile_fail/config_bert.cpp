// Every rule of BertConfig broken once, and every field different in an entry once.
#include "zoo/bert.hpp"

using namespace xzoo;

template <BertConfig C>
constexpr bool keeps_rules = sizeof(BertRules<C>) > 0;
template <BertConfig Model, BertConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<bert_base> && same<bert_base, bert_base>);

#ifdef XZOO_MISTAKE

// expect: BertConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.vocab_size = 0}>);
// expect: BertConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.hidden_size = 0}>);
// expect: BertConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.num_hidden_layers = 0}>);
// expect: BertConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<BertConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: BertConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.intermediate_size = 0}>);
// expect: BertConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.max_position_embeddings = 0}>);
// expect: BertConfig: 'type_vocab_size' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.type_vocab_size = 0}>);
// expect: BertConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<BertConfig{.layer_norm_eps = -0.5F}>);
// expect: BertConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<BertConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: BertConfig: 'position_embedding_type' must be absolute
// with: PositionEmbedding::relative_key
static_assert(keeps_rules<BertConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: BertConfig: 'add_cross_attention' must be false
// with: true
static_assert(keeps_rules<BertConfig{.add_cross_attention = true}>);
// expect: BertConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<BertConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.vocab_size = 11}, BertConfig{.vocab_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.hidden_size = 11}, BertConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.num_hidden_layers = 11}, BertConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.num_attention_heads = 11}, BertConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.intermediate_size = 11}, BertConfig{.intermediate_size = 13}>);
// expect: 'hidden_act' of the entry differs from the model's BertConfig
// with: Activation::relu | Activation::silu
static_assert(
    same<BertConfig{.hidden_act = Activation::relu}, BertConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(
    same<BertConfig{.max_position_embeddings = 11}, BertConfig{.max_position_embeddings = 13}>);
// expect: 'type_vocab_size' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.type_vocab_size = 11}, BertConfig{.type_vocab_size = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's BertConfig
// with: 5.0 | 2.5
static_assert(same<BertConfig{.layer_norm_eps = 0.5F}, BertConfig{.layer_norm_eps = 0.25F}>);
// expect: 'pad_token_id' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.pad_token_id = 11}, BertConfig{.pad_token_id = 13}>);
// expect: 'position_embedding_type' of the entry differs from the model's BertConfig
// with: PositionEmbedding::absolute | PositionEmbedding::relative_key
static_assert(same<BertConfig{.position_embedding_type = PositionEmbedding::absolute},
                   BertConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: 'is_decoder' of the entry differs from the model's BertConfig
// with: true, false
static_assert(same<BertConfig{.is_decoder = true}, BertConfig{.is_decoder = false}>);
// expect: 'add_cross_attention' of the entry differs from the model's BertConfig
// with: true, false
static_assert(
    same<BertConfig{.add_cross_attention = true}, BertConfig{.add_cross_attention = false}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's BertConfig
// with: true, false
static_assert(
    same<BertConfig{.tie_word_embeddings = true}, BertConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's BertConfig
// with: 11, 13
static_assert(same<BertConfig{.num_labels = 11}, BertConfig{.num_labels = 13}>);

#endif
