// Which layers of Qwen2 and Qwen3 have a sliding window: none unless the config says so; then those
// that layer_types names, or all. (transformers 4.53 turns max_window_layers into layer_types when
// it saves a config; before, its eager attention gave a window to every layer.)
#pragma once

#include <cstddef>

#include "zoo/parts/layer_types.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Tokens that a token of layer i attends to; 0: all before it.
template <class Config>
constexpr std::size_t qwen_window(const Config& config, std::size_t i) {
    return config.use_sliding_window && is_sliding(config, i) ? config.sliding_window : 0;
}

/// See resolved(). Fields that say what windows are like have their defaults where there is none.
template <class Config>
constexpr Config qwen_resolved(const Config& config) {
    Config filled = llama_resolved(config);
    if (config.use_sliding_window && config.sliding_window > 0) {
        filled.layer_types = resolved_layer_types(config);
    } else {
        filled.use_sliding_window = false;
        filled.sliding_window = 0;
        if (config.layer_types.size == config.num_hidden_layers)
            filled.layer_types = {};
    }
    return filled;
}

}  // namespace xzoo
