#pragma once

#include <array>
#include <cstddef>

namespace xzoo {

/// A list of up to `most` numbers, as a field of a config.
template <class Number, std::size_t Most>
struct ConfigList {
    static constexpr std::size_t most = Most;

    std::size_t size = 0;
    std::array<Number, Most> values{};

    friend constexpr bool operator==(const ConfigList&, const ConfigList&) = default;
};

}  // namespace xzoo
