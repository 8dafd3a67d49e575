// Every rule of RobertaConfig broken once, and every field different in an entry once.
#include "zoo/roberta.hpp"

using namespace xzoo;

template <RobertaConfig C>
constexpr bool keeps_rules = sizeof(RobertaRules<C>) > 0;
template <RobertaConfig Model, RobertaConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<roberta_base> && same<roberta_base, roberta_base>);

#ifdef XZOO_MISTAKE

// expect: RobertaConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.vocab_size = 0}>);
// expect: RobertaConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.hidden_size = 0}>);
// expect: RobertaConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.num_hidden_layers = 0}>);
// expect: RobertaConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<RobertaConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: RobertaConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.intermediate_size = 0}>);
// expect: RobertaConfig: 'max_position_embeddings' must be above 'pad_token_id' + 1, where
// with: 6, 5
static_assert(keeps_rules<RobertaConfig{.max_position_embeddings = 6, .pad_token_id = 5}>);
// expect: RobertaConfig: 'type_vocab_size' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.type_vocab_size = 0}>);
// expect: RobertaConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<RobertaConfig{.layer_norm_eps = -0.5F}>);
// expect: RobertaConfig: 'pad_token_id' must not be null: positions are counted from it
// with: -1
static_assert(keeps_rules<RobertaConfig{.pad_token_id = -1}>);
// expect: RobertaConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<RobertaConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: RobertaConfig: 'bos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<RobertaConfig{.vocab_size = 70, .bos_token_id = 70}>);
// expect: RobertaConfig: 'eos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<RobertaConfig{.vocab_size = 70, .eos_token_id = 70}>);
// expect: RobertaConfig: 'position_embedding_type' must be absolute
// with: PositionEmbedding::relative_key
static_assert(
    keeps_rules<RobertaConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: RobertaConfig: 'add_cross_attention' must be false
// with: true
static_assert(keeps_rules<RobertaConfig{.add_cross_attention = true}>);
// expect: RobertaConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<RobertaConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.vocab_size = 11}, RobertaConfig{.vocab_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.hidden_size = 11}, RobertaConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.num_hidden_layers = 11}, RobertaConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(
    same<RobertaConfig{.num_attention_heads = 11}, RobertaConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.intermediate_size = 11}, RobertaConfig{.intermediate_size = 13}>);
// expect: 'hidden_act' of the entry differs from the model's RobertaConfig
// with: Activation::relu | Activation::silu
static_assert(same<RobertaConfig{.hidden_act = Activation::relu},
                   RobertaConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.max_position_embeddings = 11},
                   RobertaConfig{.max_position_embeddings = 13}>);
// expect: 'type_vocab_size' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.type_vocab_size = 11}, RobertaConfig{.type_vocab_size = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's RobertaConfig
// with: 5.0 | 2.5
static_assert(same<RobertaConfig{.layer_norm_eps = 0.5F}, RobertaConfig{.layer_norm_eps = 0.25F}>);
// expect: 'pad_token_id' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.pad_token_id = 11}, RobertaConfig{.pad_token_id = 13}>);
// expect: 'bos_token_id' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.bos_token_id = 11}, RobertaConfig{.bos_token_id = 13}>);
// expect: 'eos_token_id' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.eos_token_id = 11}, RobertaConfig{.eos_token_id = 13}>);
// expect: 'position_embedding_type' of the entry differs from the model's RobertaConfig
// with: PositionEmbedding::absolute | PositionEmbedding::relative_key
static_assert(same<RobertaConfig{.position_embedding_type = PositionEmbedding::absolute},
                   RobertaConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: 'is_decoder' of the entry differs from the model's RobertaConfig
// with: true, false
static_assert(same<RobertaConfig{.is_decoder = true}, RobertaConfig{.is_decoder = false}>);
// expect: 'add_cross_attention' of the entry differs from the model's RobertaConfig
// with: true, false
static_assert(
    same<RobertaConfig{.add_cross_attention = true}, RobertaConfig{.add_cross_attention = false}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's RobertaConfig
// with: true, false
static_assert(
    same<RobertaConfig{.tie_word_embeddings = true}, RobertaConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's RobertaConfig
// with: 11, 13
static_assert(same<RobertaConfig{.num_labels = 11}, RobertaConfig{.num_labels = 13}>);

#endif
