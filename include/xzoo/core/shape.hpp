#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

namespace xzoo {

/// Dimensions of a parameter, outermost first. Rank 0 is a scalar. Structural, so that shapes can
/// be template arguments and appear in diagnostics.
struct Shape {
    static constexpr std::size_t max_rank = 4;  // (out channels, in channels, height, width)

    std::array<std::size_t, max_rank> dims{};
    std::size_t rank = 0;

    constexpr Shape() = default;
    constexpr Shape(std::initializer_list<std::size_t> list) : rank{list.size()} {
        std::size_t i = 0;
        for (const std::size_t dim : list)
            dims[i++] = dim;
    }

    constexpr std::size_t operator[](std::size_t i) const { return dims[i]; }
    constexpr std::size_t elements() const {
        std::size_t product = 1;
        for (std::size_t i = 0; i < rank; ++i)
            product *= dims[i];
        return product;
    }
    friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

/// "(768, 3072)"; "()" for a scalar.
inline std::string to_string(const Shape& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.rank; ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + ')';
}

}  // namespace xzoo
