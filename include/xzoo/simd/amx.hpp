// Intel's tile unit (AMX): products of 16 rows by 16 outputs, 64 bytes of inputs at a time.
#pragma once

#include "xzoo/simd/arch.hpp"

#if XZOO_WITH_AVX512_AMX
#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace xzoo::simd::detail {

/// The tile registers, all of 16 rows of 64 bytes. An object holds the unit of the thread that made
/// it. Bytes says what is multiplied: signed inputs with unsigned weights into integer sums, or
/// pairs of bfloat16 numbers into float sums.
template <bool Bytes>
class AmxTiles {
public:
    static constexpr std::size_t rows = 16;     // of a tile
    static constexpr std::size_t columns = 16;  // of sums
    static constexpr std::size_t steps = 16;    // groups of inputs of one product
    static constexpr std::size_t bytes = 64;    // of a row of a tile

    AmxTiles() noexcept { _tile_loadconfig(&config); }
    ~AmxTiles() { _tile_release(); }
    AmxTiles(const AmxTiles&) = delete;
    AmxTiles& operator=(const AmxTiles&) = delete;

    /// A product of `depth` groups of inputs; strides in bytes.
    struct Operands {
        const std::byte* a;  ///< rows of whole lines, zeros behind the inputs
        std::size_t a_stride;
        std::size_t b_stride;  ///< between groups of weights
        std::size_t depth;
        float* c;  ///< sums of 32 bits
        std::size_t c_stride;
    };

    /// c (16, 48) = 16 rows times three neighbouring tiles of outputs. fetch: null, or weights that
    /// are fetched into the second-level cache meanwhile, as many as are used.
    static void multiply_16x48(const Operands& o, const std::byte* b,
                               const std::byte* fetch) noexcept {
        multiply_16x48(o, b, fetch, [] {});
    }
    /// The same; what `meanwhile` does, before c is written, takes no time where the tile unit is
    /// what takes longest.
    template <class Meanwhile>
    static XZOO_INLINE void multiply_16x48(const Operands& o, const std::byte* b,
                                           const std::byte* fetch, Meanwhile&& meanwhile) noexcept {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        for_products(o, [&](const std::byte* a, std::size_t step) XZOO_INLINE_LAMBDA {
            const std::byte* from = b + step * o.b_stride;
            for (std::size_t s = 0; fetch != nullptr && s < steps * 3; ++s)
                __builtin_prefetch(fetch + step * o.b_stride + s * bytes, 0, 2);
            const Weights w0(from, o, step);
            const Weights w1(from + bytes, o, step);
            const Weights w2(from + 2 * bytes, o, step);
            _tile_loadd(6, a, o.a_stride);
            _tile_loadd(7, w0.data, w0.stride);
            add<0, 6, 7>();
            _tile_loadd(5, w1.data, w1.stride);
            add<1, 6, 5>();
            _tile_loadd(4, w2.data, w2.stride);
            add<2, 6, 4>();
        });
        meanwhile();
        _tile_stored(0, o.c, o.c_stride);
        _tile_stored(1, o.c + columns, o.c_stride);
        _tile_stored(2, o.c + 2 * columns, o.c_stride);
        __asm__ volatile("" ::: "memory");
    }

    /// c (32, 32) = 32 rows times two tiles of outputs; without Pair c (32, 16), times one.
    template <bool Pair>
    static void multiply_32(const Operands& o, const std::byte* b0, const std::byte* b1) noexcept {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
        for_products(o, [&](const std::byte* a, std::size_t step) XZOO_INLINE_LAMBDA {
            const Weights w0(b0 + step * o.b_stride, o, step);
            _tile_loadd(4, a, o.a_stride);
            _tile_loadd(6, w0.data, w0.stride);
            _tile_loadd(5, a + rows * o.a_stride, o.a_stride);
            if constexpr (Pair) {
                const Weights w1(b1 + step * o.b_stride, o, step);
                add<0, 4, 6>();
                _tile_loadd(7, w1.data, w1.stride);
                add<2, 5, 6>();
                add<1, 4, 7>();
                add<3, 5, 7>();
            } else {
                add<0, 4, 6>();
                add<2, 5, 6>();
            }
        });
        float* second = o.c + rows * (o.c_stride / sizeof(float));
        _tile_stored(0, o.c, o.c_stride);
        _tile_stored(2, second, o.c_stride);
        if constexpr (Pair) {
            _tile_stored(1, o.c + columns, o.c_stride);
            _tile_stored(3, second + columns, o.c_stride);
        }
        __asm__ volatile("" ::: "memory");
    }

private:
    struct alignas(64) Config {
        std::uint8_t palette = 1;
        std::uint8_t start_row = 0;
        std::array<std::uint8_t, 14> reserved{};
        std::array<std::uint16_t, 16> bytes{64, 64, 64, 64, 64, 64, 64, 64};  // of a row
        std::array<std::uint8_t, 16> rows{16, 16, 16, 16, 16, 16, 16, 16};
    };
    static constexpr Config config{};

    /// A tile of weights. The last one may be short: then it is a copy that ends in zeros.
    struct Weights {
        const std::byte* data;
        std::size_t stride;
        alignas(64) std::array<std::byte, steps * bytes> last;

        XZOO_INLINE Weights(const std::byte* from, const Operands& o, std::size_t step) noexcept
            : data(from), stride(o.b_stride) {
            if (o.depth - step >= steps) [[likely]]
                return;
            last.fill(std::byte{0});
            for (std::size_t s = 0; s < o.depth - step; ++s)
                std::memcpy(last.data() + s * bytes, from + s * o.b_stride, bytes);
            data = last.data();
            stride = bytes;
            reads_memory();
        }
    };

    /// The intrinsics of GCC 12 do not say that they read memory.
    static XZOO_INLINE void reads_memory() noexcept { __asm__ volatile("" ::: "memory"); }

    template <class F>
    static XZOO_INLINE void for_products(const Operands& o, F&& f) noexcept {
        reads_memory();
        const std::byte* a = o.a;
        for (std::size_t step = 0; step < o.depth; step += steps, a += bytes)
            f(a, step);
    }

    /// Tile C += inputs in tile A times weights in tile B. The intrinsics take nothing but digits.
    template <int C, int A, int B>
    static XZOO_INLINE void add() noexcept {
#define XZOO_AMX_ADD(c, a, b)                   \
    if constexpr (C == c && A == a && B == b) { \
        if constexpr (Bytes)                    \
            _tile_dpbsud(c, a, b);              \
        else                                    \
            _tile_dpbf16ps(c, a, b);            \
    }
        XZOO_AMX_ADD(0, 6, 7)
        XZOO_AMX_ADD(1, 6, 5)
        XZOO_AMX_ADD(2, 6, 4)
        XZOO_AMX_ADD(0, 4, 6)
        XZOO_AMX_ADD(1, 4, 7)
        XZOO_AMX_ADD(2, 5, 6)
        XZOO_AMX_ADD(3, 5, 7)
#undef XZOO_AMX_ADD
    }
};

}  // namespace xzoo::simd::detail
#endif
