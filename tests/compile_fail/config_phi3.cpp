// Every rule of Phi3Config broken once, and every field different in an entry once.
#include "zoo/phi3.hpp"

using namespace xzoo;

template <Phi3Config C>
constexpr bool keeps_rules = sizeof(Phi3Rules<C>) > 0;
template <Phi3Config Model>
constexpr bool same = SameConfig<Model, Phi3Config{}>::checked;

static_assert(keeps_rules<Phi3Config{}> && same<Phi3Config{}>);

#ifdef XZOO_MISTAKE

// expect: Phi3Config: 'vocab_size' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.vocab_size = 0}>);
// expect: Phi3Config: 'hidden_size' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.hidden_size = 0}>);
// expect: Phi3Config: 'num_hidden_layers' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.num_hidden_layers = 0}>);
// expect: Phi3Config: 'num_attention_heads' must divide 'hidden_size'
// with: 7, 48
static_assert(keeps_rules<Phi3Config{.hidden_size = 48, .num_attention_heads = 7}>);
// expect: Phi3Config: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(keeps_rules<Phi3Config{.vocab_size = 70, .pad_token_id = 70}>);
// expect: Phi3Config: 'num_key_value_heads' must divide 'num_attention_heads'
// with: 4, 6
static_assert(
    keeps_rules<Phi3Config{.hidden_size = 48, .num_attention_heads = 6, .num_key_value_heads = 4}>);
// expect: Phi3Config: 'max_position_embeddings' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.max_position_embeddings = 0}>);
// expect: Phi3Config: the part of a head that is rotated must be even and positive
// with: 5
static_assert(keeps_rules<Phi3Config{
                  .hidden_size = 60, .num_attention_heads = 6, .partial_rotary_factor = 0.5F}>);
// expect: Phi3Config: the part of a head that is rotated must be even and positive
// with: 0
static_assert(keeps_rules<Phi3Config{.partial_rotary_factor = 1.5F}>);
// expect: Phi3Config: 'rope_theta' must be positive and finite
// with: 0
static_assert(keeps_rules<Phi3Config{.rope_theta = 0.0F}>);
// expect: Phi3Config: 'original_max_position_embeddings' must be 2 or more
// with: 1
static_assert(keeps_rules<Phi3Config{.original_max_position_embeddings = 1}>);
// expect: Phi3Config: 'rope_scaling' must have a factor for each pair that is rotated, twice
static_assert(keeps_rules<Phi3Config{.rope_scaling = {.type = Phi3RopeType::su}}>);
// expect: Phi3Config: 'rope_scaling' must have a factor for each pair that is rotated, twice
// with: 2
static_assert(keeps_rules<Phi3Config{
                  .hidden_size = 4,
                  .num_attention_heads = 2,
                  .rope_scaling = {Phi3RopeType::longrope, {1, {1.0F}}, {2, {1.0F, 1.0F}}}}>);
// expect: Phi3Config: 'rope_scaling' must have a factor for each pair that is rotated, twice
// with: 2
static_assert(
    keeps_rules<Phi3Config{.hidden_size = 4,
                           .num_attention_heads = 2,
                           .rope_scaling = {Phi3RopeType::longrope, {1, {1.0F}}, {1, {0.0F}}}}>);
// expect: Phi3Config: 'intermediate_size' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.intermediate_size = 0}>);
// expect: Phi3Config: 'rms_norm_eps' must be positive and finite
// with: -5.0
static_assert(keeps_rules<Phi3Config{.rms_norm_eps = -0.5F}>);
// expect: Phi3Config: 'num_labels' must be positive
// with: 0
static_assert(keeps_rules<Phi3Config{.num_labels = 0}>);

// expect: 'vocab_size' of the entry differs from the model's Phi3Config
// with: 11, 32064
static_assert(same<Phi3Config{.vocab_size = 11}>);
// expect: 'hidden_size' of the entry differs from the model's Phi3Config
// with: 11, 3072
static_assert(same<Phi3Config{.hidden_size = 11}>);
// expect: 'intermediate_size' of the entry differs from the model's Phi3Config
// with: 11, 8192
static_assert(same<Phi3Config{.intermediate_size = 11}>);
// expect: 'num_hidden_layers' of the entry differs from the model's Phi3Config
// with: 11, 32
static_assert(same<Phi3Config{.num_hidden_layers = 11}>);
// expect: 'num_attention_heads' of the entry differs from the model's Phi3Config
// with: 11, 32
static_assert(same<Phi3Config{.num_attention_heads = 11}>);
// expect: 'num_key_value_heads' of the entry differs from the model's Phi3Config
// with: 11, 0
static_assert(same<Phi3Config{.num_key_value_heads = 11}>);
// expect: 'hidden_act' of the entry differs from the model's Phi3Config
// with: Activation::sigmoid | Activation::silu
static_assert(same<Phi3Config{.hidden_act = Activation::sigmoid}>);
// expect: 'max_position_embeddings' of the entry differs from the model's Phi3Config
// with: 11, 4096
static_assert(same<Phi3Config{.max_position_embeddings = 11}>);
// expect: 'original_max_position_embeddings' of the entry differs from the model's Phi3Config
// with: 11, 4096
static_assert(same<Phi3Config{.original_max_position_embeddings = 11}>);
// expect: 'rms_norm_eps' of the entry differs from the model's Phi3Config
static_assert(same<Phi3Config{.rms_norm_eps = 0.75F}>);
// expect: 'pad_token_id' of the entry differs from the model's Phi3Config
// with: 13, 32000
static_assert(same<Phi3Config{.pad_token_id = 13}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's Phi3Config
// with: true, false
static_assert(same<Phi3Config{.tie_word_embeddings = true}>);
// expect: 'rope_theta' of the entry differs from the model's Phi3Config
static_assert(same<Phi3Config{.rope_theta = 0.75F}>);
// expect: 'rope_scaling' of the entry differs from the model's Phi3Config
static_assert(same<Phi3Config{.rope_scaling = {.type = Phi3RopeType::su}}>);
// expect: 'partial_rotary_factor' of the entry differs from the model's Phi3Config
static_assert(same<Phi3Config{.partial_rotary_factor = 0.75F}>);
// expect: 'sliding_window' of the entry differs from the model's Phi3Config
// with: 11, 0
static_assert(same<Phi3Config{.sliding_window = 11}>);
// expect: 'num_labels' of the entry differs from the model's Phi3Config
// with: 11, 2
static_assert(same<Phi3Config{.num_labels = 11}>);

#endif
