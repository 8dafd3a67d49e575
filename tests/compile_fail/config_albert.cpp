// Every rule of AlbertConfig broken once, and every field different in an entry once.
#include "zoo/albert.hpp"

using namespace xzoo;

template <AlbertConfig C>
constexpr bool keeps_rules = sizeof(AlbertRules<C>) > 0;
template <AlbertConfig Model, AlbertConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<albert_base> && same<albert_base, albert_base>);

#ifdef XZOO_MISTAKE

// expect: AlbertConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.vocab_size = 0}>);
// expect: AlbertConfig: 'embedding_size' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.embedding_size = 0}>);
// expect: AlbertConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.hidden_size = 0}>);
// expect: AlbertConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.num_hidden_layers = 0}>);
// expect: AlbertConfig: 'num_hidden_groups' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.num_hidden_groups = 0}>);
// expect: AlbertConfig: 'num_hidden_groups' must not be above 'num_hidden_layers'
// with: 9, 8
static_assert(keeps_rules<AlbertConfig{.num_hidden_layers = 8, .num_hidden_groups = 9}>);
// expect: AlbertConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<AlbertConfig{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: AlbertConfig: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.intermediate_size = 0}>);
// expect: AlbertConfig: 'inner_group_num' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.inner_group_num = 0}>);
// expect: AlbertConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.max_position_embeddings = 0}>);
// expect: AlbertConfig: 'type_vocab_size' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.type_vocab_size = 0}>);
// expect: AlbertConfig: 'layer_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<AlbertConfig{.layer_norm_eps = -0.5F}>);
// expect: AlbertConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<AlbertConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: AlbertConfig: 'bos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<AlbertConfig{.vocab_size = 70, .bos_token_id = 70}>);
// expect: AlbertConfig: 'eos_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<AlbertConfig{.vocab_size = 70, .eos_token_id = 70}>);
// expect: AlbertConfig: 'position_embedding_type' must be absolute
// with: PositionEmbedding::relative_key
static_assert(
    keeps_rules<AlbertConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: AlbertConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<AlbertConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.vocab_size = 11}, AlbertConfig{.vocab_size = 13}>);
// expect: 'embedding_size' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.embedding_size = 11}, AlbertConfig{.embedding_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.hidden_size = 11}, AlbertConfig{.hidden_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.num_hidden_layers = 11}, AlbertConfig{.num_hidden_layers = 13}>);
// expect: 'num_hidden_groups' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.num_hidden_groups = 11}, AlbertConfig{.num_hidden_groups = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(
    same<AlbertConfig{.num_attention_heads = 11}, AlbertConfig{.num_attention_heads = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.intermediate_size = 11}, AlbertConfig{.intermediate_size = 13}>);
// expect: 'inner_group_num' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.inner_group_num = 11}, AlbertConfig{.inner_group_num = 13}>);
// expect: 'hidden_act' of the entry differs from the model's AlbertConfig
// with: Activation::relu | Activation::silu
static_assert(same<AlbertConfig{.hidden_act = Activation::relu},
                   AlbertConfig{.hidden_act = Activation::silu}>);
// expect: 'max_position_embeddings' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(
    same<AlbertConfig{.max_position_embeddings = 11}, AlbertConfig{.max_position_embeddings = 13}>);
// expect: 'type_vocab_size' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.type_vocab_size = 11}, AlbertConfig{.type_vocab_size = 13}>);
// expect: 'layer_norm_eps' of the entry differs from the model's AlbertConfig
// with: 5.0 | 2.5
static_assert(same<AlbertConfig{.layer_norm_eps = 0.5F}, AlbertConfig{.layer_norm_eps = 0.25F}>);
// expect: 'pad_token_id' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.pad_token_id = 11}, AlbertConfig{.pad_token_id = 13}>);
// expect: 'bos_token_id' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.bos_token_id = 11}, AlbertConfig{.bos_token_id = 13}>);
// expect: 'eos_token_id' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.eos_token_id = 11}, AlbertConfig{.eos_token_id = 13}>);
// expect: 'position_embedding_type' of the entry differs from the model's AlbertConfig
// with: PositionEmbedding::absolute | PositionEmbedding::relative_key
static_assert(same<AlbertConfig{.position_embedding_type = PositionEmbedding::absolute},
                   AlbertConfig{.position_embedding_type = PositionEmbedding::relative_key}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's AlbertConfig
// with: true, false
static_assert(
    same<AlbertConfig{.tie_word_embeddings = true}, AlbertConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's AlbertConfig
// with: 11, 13
static_assert(same<AlbertConfig{.num_labels = 11}, AlbertConfig{.num_labels = 13}>);

#endif
