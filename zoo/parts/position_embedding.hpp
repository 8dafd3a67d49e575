// How positions enter the models of the BERT kind.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/config.hpp"

namespace xzoo {

/// How a token's place in the sequence enters a model of the BERT kind; the names are those of
/// config.json. Only absolute is implemented.
enum class PositionEmbedding : std::uint8_t { absolute, relative_key, relative_key_query };

template <>
inline constexpr std::size_t enumerator_count<PositionEmbedding> = 3;

/// The name that Hugging Face configs use.
constexpr const char* name(PositionEmbedding kind) noexcept {
    constexpr std::array<const char*, 3> names{"absolute", "relative_key", "relative_key_query"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace xzoo
