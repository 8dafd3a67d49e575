// Models whose layers look back differently far: "layer_types" of config.json.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/config.hpp"
#include "xzoo/core/config_list.hpp"

namespace xzoo {

/// What the tokens of a layer attend to: all before them, or the last `sliding_window`. The names
/// are those of config.json.
enum class LayerType : std::uint8_t { full_attention, sliding_attention };

constexpr const char* name(LayerType type) noexcept {
    return type == LayerType::full_attention ? "full_attention" : "sliding_attention";
}
template <>
inline constexpr std::size_t enumerator_count<LayerType> = 2;

/// A type for each layer; empty where the config's other fields say which layers have a window
/// (is_sliding_by_pattern).
using LayerTypes = ConfigList<LayerType, 128>;

/// Whether layer i of a config has a window.
template <class Config>
constexpr bool is_sliding(const Config& config, std::size_t i) {
    return config.layer_types.size > 0
               ? config.layer_types.values[i] == LayerType::sliding_attention
               : config.is_sliding_by_pattern(i);
}

/// The config's layer_types, without those that only repeat what its other fields say.
template <class Config>
constexpr LayerTypes resolved_layer_types(const Config& config) {
    if (config.layer_types.size != config.num_hidden_layers)
        return config.layer_types;
    for (std::size_t i = 0; i < config.num_hidden_layers; ++i)
        if (is_sliding(config, i) != config.is_sliding_by_pattern(i))
            return config.layer_types;
    return {};
}

/// A list has an item for each layer, or none.
struct ForEachLayer {
    static constexpr bool holds(std::size_t size, std::size_t layers) {
        return size == 0 || size == layers;
    }
};

}  // namespace xzoo

#define XZOO_LAYER_TYPES_RULE(rule, config)                                                     \
    rule(config, "'layer_types' must have 'num_hidden_layers' items, or be null", ForEachLayer, \
         layer_types.size, num_hidden_layers)
