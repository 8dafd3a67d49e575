// Every rule of BloomConfig broken once, and every field different in an entry once.
#include "zoo/bloom.hpp"

using namespace xzoo;

template <BloomConfig C>
constexpr bool keeps_rules = sizeof(BloomRules<C>) > 0;
template <BloomConfig Model>
constexpr bool same = SameConfig<Model, BloomConfig{}>::checked;

static_assert(keeps_rules<BloomConfig{}> && same<BloomConfig{}>);

#ifdef XZOO_MISTAKE

// expect: BloomConfig: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<BloomConfig{.vocab_size = 0}>);
// expect: BloomConfig: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<BloomConfig{.hidden_size = 0}>);
// expect: BloomConfig: 'n_layer' must be positive
// with: 0
static_assert(keeps_rules<BloomConfig{.n_layer = 0}>);
// expect: BloomConfig: 'n_head' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<BloomConfig{.hidden_size = 48, .n_head = 7}>);
// expect: BloomConfig: 'layer_norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<BloomConfig{.layer_norm_epsilon = -0.5F}>);
// expect: BloomConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<BloomConfig{.vocab_size = 70, .pad_token_id = 70}>);
// expect: BloomConfig: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<BloomConfig{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's BloomConfig
// with: 11, 250880
static_assert(same<BloomConfig{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's BloomConfig
// with: 11, 64
static_assert(same<BloomConfig{.hidden_size = 11}>);
// expect: 'n_layer' of the entry differs from the model's BloomConfig
// with: 11, 2
static_assert(same<BloomConfig{.n_layer = 11}>);
// expect: 'n_head' of the entry differs from the model's BloomConfig
// with: 11, 8
static_assert(same<BloomConfig{.n_head = 11}>);
// expect: 'layer_norm_epsilon' of the entry differs from the model's BloomConfig
static_assert(same<BloomConfig{.layer_norm_epsilon = 0.75F}>);
// expect: 'apply_residual_connection_post_layernorm' of the entry differs from the model's
// BloomConfig with: true, false
static_assert(same<BloomConfig{.apply_residual_connection_post_layernorm = true}>);
// expect: 'pad_token_id' of the entry differs from the model's BloomConfig
// with: 13, -1
static_assert(same<BloomConfig{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's BloomConfig
// with: false, true
static_assert(same<BloomConfig{.tie_word_embeddings = false}>);
// expect: 'num_labels' of the entry differs from the model's BloomConfig
// with: 11, 2
static_assert(same<BloomConfig{.num_labels = 11}>);

#endif
