// Every rule of DistilBertConfig broken once, and every field different in an entry once.
#include "zoo/distilbert.hpp"

using namespace xzoo;

template <DistilBertConfig C>
constexpr bool keeps_rules = sizeof(DistilBertRules<C>) > 0;
template <DistilBertConfig Model, DistilBertConfig Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(keeps_rules<distilbert_base> && same<distilbert_base, distilbert_base>);

#ifdef XZOO_MISTAKE

// expect: DistilBertConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.vocab_size = 0}>);
// expect: DistilBertConfig: 'dim' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.dim = 0}>);
// expect: DistilBertConfig: 'n_layers' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.n_layers = 0}>);
// expect: DistilBertConfig: 'n_heads' must divide 'dim'
// with: 7, 48
static_assert(keeps_rules<DistilBertConfig{.n_heads = 7, .dim = 48}>);
// expect: DistilBertConfig: 'hidden_dim' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.hidden_dim = 0}>);
// expect: DistilBertConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.max_position_embeddings = 0}>);
// expect: DistilBertConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<DistilBertConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: DistilBertConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<DistilBertConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.vocab_size = 11}, DistilBertConfig{.vocab_size = 13}>);
// expect: 'max_position_embeddings' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.max_position_embeddings = 11},
                   DistilBertConfig{.max_position_embeddings = 13}>);
// expect: 'sinusoidal_pos_embds' of the entry differs from the model's DistilBertConfig
// with: true, false
static_assert(same<DistilBertConfig{.sinusoidal_pos_embds = true},
                   DistilBertConfig{.sinusoidal_pos_embds = false}>);
// expect: 'n_layers' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.n_layers = 11}, DistilBertConfig{.n_layers = 13}>);
// expect: 'n_heads' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.n_heads = 11}, DistilBertConfig{.n_heads = 13}>);
// expect: 'dim' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.dim = 11}, DistilBertConfig{.dim = 13}>);
// expect: 'hidden_dim' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.hidden_dim = 11}, DistilBertConfig{.hidden_dim = 13}>);
// expect: 'activation' of the entry differs from the model's DistilBertConfig
// with: Activation::relu | Activation::silu
static_assert(same<DistilBertConfig{.activation = Activation::relu},
                   DistilBertConfig{.activation = Activation::silu}>);
// expect: 'pad_token_id' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.pad_token_id = 11}, DistilBertConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's DistilBertConfig
// with: true, false
static_assert(same<DistilBertConfig{.tie_word_embeddings = true},
                   DistilBertConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's DistilBertConfig
// with: 11, 13
static_assert(same<DistilBertConfig{.num_labels = 11}, DistilBertConfig{.num_labels = 13}>);

#endif
