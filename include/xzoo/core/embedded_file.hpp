#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace xzoo {

/// A file that the build put into the program (xzoo_embed_weights). The bytes start at a multiple
/// of 64.
struct EmbeddedFile {
    std::string_view name;
    const std::byte* data = nullptr;
    std::size_t size = 0;
    std::string_view sha256;  // of the bytes, as 64 lower-case hex digits

    constexpr std::span<const std::byte> bytes() const noexcept { return {data, size}; }
};

}  // namespace xzoo
