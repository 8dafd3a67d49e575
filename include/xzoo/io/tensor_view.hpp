#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "xzoo/core/dtype.hpp"

namespace xzoo::io {

/// A tensor in a checkpoint. Nothing in it is owned: name, shape and bytes live in the container
/// it came from. bytes are row-major, little-endian and need not be aligned to the element.
struct TensorView {
    std::string_view name;
    Dtype dtype = Dtype::f32;
    std::span<const std::size_t> shape;  // outermost dimension first; empty for a scalar
    std::span<const std::byte> bytes;

    std::size_t elements() const noexcept {
        std::size_t product = 1;
        for (const std::size_t dim : shape)
            product *= dim;
        return product;
    }
};

/// Product that cannot wrap round: nothing where it would not fit into 64 bits.
constexpr std::optional<std::size_t> checked_product(std::size_t a, std::size_t b) noexcept {
    if (b != 0 && a > std::numeric_limits<std::size_t>::max() / b)
        return std::nullopt;
    return a * b;
}

/// Bits of a tensor; nothing where the number does not fit into 64 bits. As the reference reader
/// does, dimensions are multiplied from the left, so (2^63, 2, 0) is too large, too.
constexpr std::optional<std::size_t> bits_of(std::span<const std::size_t> shape,
                                             Dtype dtype) noexcept {
    std::optional<std::size_t> product = 1;
    for (const std::size_t dim : shape) {
        product = checked_product(*product, dim);
        if (!product)
            return std::nullopt;
    }
    return checked_product(*product, info(dtype).bits);
}

}  // namespace xzoo::io
