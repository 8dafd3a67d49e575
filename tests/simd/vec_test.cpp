#include "xzoo/simd/vec.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

#include "simd_support.hpp"

namespace {

using xzoo::test::Archs;

/// Whether the register a / b holds what the CPU's scalar division of each pair of lanes gives.
template <class Arch>
bool divides(const float* a, const float* b) {
    constexpr std::size_t lanes = xzoo::simd::lanes<Arch>;
    std::array<float, lanes> found;
    std::array<float, lanes> expected;
    xzoo::simd::store<Arch>(found.data(), xzoo::simd::divide<Arch>(xzoo::simd::load<Arch>(a),
                                                                   xzoo::simd::load<Arch>(b)));
    for (std::size_t i = 0; i < lanes; ++i)
        expected[i] = a[i] / b[i];
    return xzoo::test::same_bits(found, expected);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("division is rounded correctly, down to denormals", "[simd]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    constexpr std::size_t lanes = xzoo::simd::lanes<TestType>;
    std::mt19937 engine(5);
    const auto any_finite = [&] {
        for (;;) {
            const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(engine()));
            if (std::isfinite(x) && x != 0.0F)  // 0 / 0 gives a NaN of either sign
                return x;
        }
    };
    std::array<float, lanes> a;
    std::array<float, lanes> b;
    for (int round = 0; round < 20'000; ++round) {
        for (std::size_t i = 0; i < lanes; ++i) {
            a[i] = round % 2 == 0 ? 1.0F : any_finite();
            b[i] = any_finite();
        }
        INFO("round " << round << ", " << a[0] << " / " << b[0] << ", ...");
        REQUIRE(divides<TestType>(a.data(), b.data()));
    }
}
