#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/small_float.hpp"

namespace xzoo {

/// How the numbers of a parameter are kept in memory. Sums are float32 or exact integers always.
enum class Precision : std::uint8_t {
    f32,
    bf16,
    f16,
    i8,      ///< 8-bit integers with a scale for each output
    q8,      ///< 8-bit integers, a scale (f16) for each output and 32 inputs
    q4,      ///< 4-bit integers, the same
    q4m,     ///< 4-bit integers, a scale and a minimum for each output and 32 inputs
    f8e4m3,  ///< float8_e4m3fn
    f8e5m2,
};

/// Number of enumerators of Precision.
inline constexpr std::size_t precision_count = 9;

/// "f32"
constexpr const char* name(Precision precision) noexcept {
    constexpr std::array<const char*, precision_count> names{"f32", "bf16", "f16",    "i8",    "q8",
                                                             "q4",  "q4m",  "f8e4m3", "f8e5m2"};
    return names[static_cast<std::size_t>(precision)];
}

/// The precision of a name, if there is one.
constexpr std::optional<Precision> precision_named(std::string_view word) noexcept {
    for (std::size_t i = 0; i < precision_count; ++i)
        if (word == name(static_cast<Precision>(i)))
            return static_cast<Precision>(i);
    return std::nullopt;
}

/// True where every number is one element; otherwise integers and scales are packed together.
constexpr bool is_plain(Precision precision) noexcept {
    switch (precision) {
        case Precision::i8:
        case Precision::q8:
        case Precision::q4:
        case Precision::q4m:
            return false;
        default:
            return true;
    }
}

/// True where products may round their inputs, too, to bfloat16 or 8-bit integers.
constexpr bool rounds_inputs(Precision precision) noexcept {
    return precision == Precision::bf16 || !is_plain(precision);
}

/// The element type of a plain precision in files; float32 for the others, whose values are saved
/// as the floats that they stand for.
constexpr Dtype dtype_of(Precision precision) noexcept {
    switch (precision) {
        case Precision::bf16:
            return Dtype::bf16;
        case Precision::f16:
            return Dtype::f16;
        case Precision::f8e4m3:
            return Dtype::f8_e4m3;
        case Precision::f8e5m2:
            return Dtype::f8_e5m2;
        default:
            return Dtype::f32;
    }
}

namespace detail {
template <Precision P>
struct ElementOf {
    using type = float;
};
template <>
struct ElementOf<Precision::bf16> {
    using type = BFloat16;
};
template <>
struct ElementOf<Precision::f16> {
    using type = Float16;
};
template <>
struct ElementOf<Precision::f8e4m3> {
    using type = Float8E4M3;
};
template <>
struct ElementOf<Precision::f8e5m2> {
    using type = Float8E5M2;
};
}  // namespace detail

/// The type of one number of a plain precision.
template <Precision P>
using Element = typename detail::ElementOf<P>::type;

/// Bytes that a matrix (out, in) takes, scales included, without what fills up panels.
constexpr std::size_t matrix_bytes(Precision precision, std::size_t out, std::size_t in) noexcept {
    constexpr std::size_t block = 32;
    const std::size_t blocks = out * ((in + block - 1) / block);
    switch (precision) {
        case Precision::i8:
            return out * in + out * sizeof(float);
        case Precision::q8:
            return blocks * (block + 2);
        case Precision::q4:
            return blocks * (block / 2 + 2);
        case Precision::q4m:
            return blocks * (block / 2 + 4);
        default:
            return out * in * info(dtype_of(precision)).bits / 8;
    }
}

}  // namespace xzoo
