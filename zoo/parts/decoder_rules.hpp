// Rules that the configs of decoder families have in common, for the fields that they call alike.
#pragma once

#include "xzoo/core/rope_scaling.hpp"
#include "xzoo/core/rules.hpp"

/// vocab_size, hidden_size, num_hidden_layers, num_attention_heads and pad_token_id.
#define XZOO_DECODER_SIZE_RULES(rule, config)                                                      \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size)

/// max_position_embeddings, rope_theta and rotary_dims(), the numbers of a head that are rotated.
#define XZOO_ROTARY_RULES(rule, config)                                                            \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "the part of a head that is rotated must be even and positive", EvenSize,         \
         rotary_dims());                                                                           \
    rule(config, "'rope_theta' must be positive and finite", PositiveReal, rope_theta)

/// num_key_value_heads, as kv_heads() completes it.
#define XZOO_GROUPED_QUERY_RULES(rule, config)                                                   \
    rule(config, "'num_key_value_heads' must divide 'num_attention_heads'", Divides, kv_heads(), \
         num_attention_heads)
