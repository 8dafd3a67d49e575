#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/small_float.hpp"

namespace xzoo {

/// How the numbers of a model's large parameters are kept in memory, a template argument of models:
/// Llama<smollm2_135m, bf16>. Sums are float32 or exact integers always.
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

inline constexpr Precision f32 = Precision::f32;
inline constexpr Precision bf16 = Precision::bf16;
inline constexpr Precision f16 = Precision::f16;
inline constexpr Precision i8 = Precision::i8;
inline constexpr Precision q8 = Precision::q8;
inline constexpr Precision q4 = Precision::q4;
inline constexpr Precision q4m = Precision::q4m;
inline constexpr Precision f8e4m3 = Precision::f8e4m3;
inline constexpr Precision f8e5m2 = Precision::f8e5m2;

/// Number of enumerators of Precision.
inline constexpr std::size_t precision_count = 9;

/// "f32"
constexpr const char* name(Precision precision) noexcept {
    constexpr std::array<const char*, precision_count> names{"f32", "bf16", "f16",    "i8",    "q8",
                                                             "q4",  "q4m",  "f8e4m3", "f8e5m2"};
    return names[static_cast<std::size_t>(precision)];
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

/// Bytes that n numbers of a plain precision take.
constexpr std::size_t bytes_of(Precision precision, std::size_t n) noexcept {
    return n * info(dtype_of(precision)).bits / 8;
}

}  // namespace xzoo
