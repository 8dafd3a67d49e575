#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace xzoo::generation {

/// 128 bits that depend on nothing but a key and a counter.
/// Source  Philox 4x32-10 in Salmon et al. 2011, Parallel Random Numbers: As Easy as 1, 2, 3.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                              std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = 0xD2511F53ULL * counter[0];
        const std::uint64_t b = 0xCD9E8D57ULL * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32U) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32U) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(a)};
        key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
    }
    return counter;
}

/// The random numbers of one text. A number depends on the seed, the text's number among those of
/// one prompt, and the new token that it is for: on no other text, and on no thread.
struct RandomStream {
    std::uint64_t seed = 0;
    std::uint32_t text = 0;

    /// From [0, 1). draw: counts the numbers that are needed for one token.
    constexpr double uniform(std::uint64_t token, std::uint32_t draw = 0) const {
        const std::array<std::uint32_t, 4> bits =
            philox({static_cast<std::uint32_t>(token), static_cast<std::uint32_t>(token >> 32U),
                    draw, text},
                   {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
        const std::uint64_t word = std::uint64_t{bits[0]} << 32U | bits[1];
        return static_cast<double>(word >> 11U) * 0x1p-53;
    }
};

/// A seed for those who set none.
inline std::uint64_t fresh_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace xzoo::generation
