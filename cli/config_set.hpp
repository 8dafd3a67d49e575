// The configs of a family that types are compiled for: those with a name in the zoo, and those of
// the manifest's entries.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"

namespace xzoo::cli {

/// A config, and the name that the zoo has for it; empty where only an entry has it.
template <class Config>
struct KnownConfig {
    std::string_view name{};
    Config config{};
};

/// Distinct configs. Two that resolve to the same are one, which has the name of the first.
template <class Config, std::size_t Capacity>
struct ConfigSet {
    std::array<KnownConfig<Config>, Capacity> configs{};
    std::size_t size = 0;

    constexpr void add(std::string_view name, const Config& config) {
        for (std::size_t i = 0; i < size; ++i)
            if (resolved(configs[i].config) == resolved(config))
                return;
        configs[size++] = {name, config};
    }
};

/// The config without what only a classifier's head reads.
template <class Config>
constexpr Config without_labels(Config config) {
    if constexpr (requires { config.num_labels; })
        config.num_labels = Config{}.num_labels;
    return config;
}

}  // namespace xzoo::cli
