// Every rule of Starcoder2Config broken once, and every field different in an entry once.
#include "zoo/starcoder2.hpp"

using namespace xzoo;

template <Starcoder2Config C>
constexpr bool keeps_rules = sizeof(Starcoder2Rules<C>) > 0;
template <Starcoder2Config Model>
constexpr bool same = SameConfig<Model, Starcoder2Config{}>::checked;

static_assert(keeps_rules<Starcoder2Config{}> && same<Starcoder2Config{}>);

#ifdef XZOO_MISTAKE

// expect: Starcoder2Config: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.vocab_size = 0}>);
// expect: Starcoder2Config: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.hidden_size = 0}>);
// expect: Starcoder2Config: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.num_hidden_layers = 0}>);
// expect: Starcoder2Config: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<Starcoder2Config{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: Starcoder2Config: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<Starcoder2Config{.vocab_size = 70, .pad_token_id = 70}>);
// expect: Starcoder2Config: 'num_key_value_heads' must divide 'num_attention_heads'
// with: 4, 6
static_assert(keeps_rules<Starcoder2Config{
                  .hidden_size = 48, .num_attention_heads = 6, .num_key_value_heads = 4}>);
// expect: Starcoder2Config: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.max_position_embeddings = 0}>);
// expect: Starcoder2Config: the part of a head that is rotated must be even and positive
// with: 7
static_assert(keeps_rules<Starcoder2Config{.hidden_size = 42, .num_attention_heads = 6}>);
// expect: Starcoder2Config: 'rope_theta' must be positive and finite
// with: 0
static_assert(keeps_rules<Starcoder2Config{.rope_theta = 0.0F}>);
// expect: Starcoder2Config: 'rope_scaling' must be complete and of a type without lists
static_assert(keeps_rules<Starcoder2Config{.rope_scaling = {.rope_type = RopeType::longrope}}>);
// expect: Starcoder2Config: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.intermediate_size = 0}>);
// expect: Starcoder2Config: 'norm_epsilon' must be positive and finite
// with: -5.0
static_assert(keeps_rules<Starcoder2Config{.norm_epsilon = -0.5F}>);
// expect: Starcoder2Config: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<Starcoder2Config{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's Starcoder2Config
// with: 11, 49152
static_assert(same<Starcoder2Config{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's Starcoder2Config
// with: 11, 3072
static_assert(same<Starcoder2Config{.hidden_size = 11}>);
// expect: 'intermediate_size' of the entry differs from the model's Starcoder2Config
// with: 11, 12288
static_assert(same<Starcoder2Config{.intermediate_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's Starcoder2Config
// with: 11, 30
static_assert(same<Starcoder2Config{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's Starcoder2Config
// with: 11, 24
static_assert(same<Starcoder2Config{.num_attention_heads = 11}>);
// expect: 'num_key_value_heads' of the entry differs from the model's Starcoder2Config
// with: 11, 2
static_assert(same<Starcoder2Config{.num_key_value_heads = 11}>);
// expect: 'hidden_act' of the entry differs from the model's Starcoder2Config
// with: Activation::sigmoid | Activation::gelu_pytorch_tanh
static_assert(same<Starcoder2Config{.hidden_act = Activation::sigmoid}>);
// expect: 'max_position_embeddings' of the entry differs from the model's Starcoder2Config
// with: 11, 4096
static_assert(same<Starcoder2Config{.max_position_embeddings = 11}>);
// expect: 'norm_epsilon' of the entry differs from the model's Starcoder2Config
static_assert(same<Starcoder2Config{.norm_epsilon = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's Starcoder2Config
// with: 13, -1
static_assert(same<Starcoder2Config{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's Starcoder2Config
// with: false, true
static_assert(same<Starcoder2Config{.tie_word_embeddings = false}>);
// expect: 'rope_theta' of the entry differs from the model's Starcoder2Config
static_assert(same<Starcoder2Config{.rope_theta = 0.75F}>);
// expect: 'rope_scaling' of the entry differs from the model's Starcoder2Config
static_assert(same<Starcoder2Config{.rope_scaling = {.factor = 3.0F}}>);
// expect: 'sliding_window' of the entry differs from the model's Starcoder2Config
// with: 11, 0
static_assert(same<Starcoder2Config{.sliding_window = 11}>);
// expect: 'use_bias' of the entry differs from the model's Starcoder2Config
// with: false, true
static_assert(same<Starcoder2Config{.use_bias = false}>);
// expect: 'num_labels' of the entry differs from the model's Starcoder2Config
// with: 11, 2
static_assert(same<Starcoder2Config{.num_labels = 11}>);

#endif
