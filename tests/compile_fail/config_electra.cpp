// Every rule of ElectraConfig broken once, and every field different in an entry once.
#include "zoo/electra.hpp"

using namespace xzoo;

template <ElectraConfig C>
constexpr bool keeps_rules = sizeof(ElectraRules<C>) > 0;
template <ElectraConfig Model, ElectraConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<electra_small> && same<electra_small, electra_small>);

#ifdef XZOO_MISTAKE

// expect: ElectraConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.vocab_size = 0}>);
// expect: ElectraConfig: 'embedding_size' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.embedding_size = 0}>);
// expect: ElectraConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.hidden_size = 0}>);
// expect: ElectraConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.num_hidden_layers = 0}>);
// expect: ElectraConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<ElectraConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: ElectraConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.intermediate_size = 0}>);
// expect: ElectraConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.max_position_embeddings = 0}>);
// expect: ElectraConfig: 'type_vocab_size' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.type_vocab_size = 0}>);
// expect: ElectraConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<ElectraConfig{.layer_norm_eps = -0.5F}>);
// expect: ElectraConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<ElectraConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: ElectraConfig: 'position_embedding_type' must be absolute
// with: PositionEmbedding::relative_key
static_assert(
    keeps_rules<ElectraConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: ElectraConfig: 'summary_type' must be first
// with: SummaryType::mean
static_assert(keeps_rules<ElectraConfig{.summary_type = SummaryType::mean}>);
// expect: ElectraConfig: 'summary_use_proj' must be true
// with: false
static_assert(keeps_rules<ElectraConfig{.summary_use_proj = false}>);
// expect: ElectraConfig: 'add_cross_attention' must be false
// with: true
static_assert(keeps_rules<ElectraConfig{.add_cross_attention = true}>);
// expect: ElectraConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<ElectraConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.vocab_size = 11}, ElectraConfig{.vocab_size = 13}>);
// expect: 'embedding_size' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.embedding_size = 11}, ElectraConfig{.embedding_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.hidden_size = 11}, ElectraConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.num_hidden_layers = 11}, ElectraConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(
    same<ElectraConfig{.num_attention_heads = 11}, ElectraConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.intermediate_size = 11}, ElectraConfig{.intermediate_size = 13}>);
// expect: 'hidden_act' of the entry differs from the model's ElectraConfig
// with: Activation::relu | Activation::silu
static_assert(same<ElectraConfig{.hidden_act = Activation::relu},
                   ElectraConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.max_position_embeddings = 11},
                   ElectraConfig{.max_position_embeddings = 13}>);
// expect: 'type_vocab_size' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.type_vocab_size = 11}, ElectraConfig{.type_vocab_size = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's ElectraConfig
// with: 5.0 | 2.5
static_assert(same<ElectraConfig{.layer_norm_eps = 0.5F}, ElectraConfig{.layer_norm_eps = 0.25F}>);
// expect: 'summary_type' of the entry differs from the model's ElectraConfig
// with: SummaryType::first | SummaryType::last
static_assert(same<ElectraConfig{.summary_type = SummaryType::first},
                   ElectraConfig{.summary_type = SummaryType::last}>);
// expect: 'summary_use_proj' of the entry differs from the model's ElectraConfig
// with: true, false
static_assert(
    same<ElectraConfig{.summary_use_proj = true}, ElectraConfig{.summary_use_proj = false}>);
// expect: 'summary_activation' of the entry differs from the model's ElectraConfig
// with: Activation::relu | Activation::silu
static_assert(same<ElectraConfig{.summary_activation = Activation::relu},
                   ElectraConfig{.summary_activation = Activation::silu}>);
// expect: 'pad_token_id' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.pad_token_id = 11}, ElectraConfig{.pad_token_id = 13}>);
// expect: 'position_embedding_type' of the entry differs from the model's ElectraConfig
// with: PositionEmbedding::absolute | PositionEmbedding::relative_key
static_assert(same<ElectraConfig{.position_embedding_type = PositionEmbedding::absolute},
                   ElectraConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: 'is_decoder' of the entry differs from the model's ElectraConfig
// with: true, false
static_assert(same<ElectraConfig{.is_decoder = true}, ElectraConfig{.is_decoder = false}>);
// expect: 'add_cross_attention' of the entry differs from the model's ElectraConfig
// with: true, false
static_assert(
    same<ElectraConfig{.add_cross_attention = true}, ElectraConfig{.add_cross_attention = false}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's ElectraConfig
// with: true, false
static_assert(
    same<ElectraConfig{.tie_word_embeddings = true}, ElectraConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's ElectraConfig
// with: 11, 13
static_assert(same<ElectraConfig{.num_labels = 11}, ElectraConfig{.num_labels = 13}>);

#endif
