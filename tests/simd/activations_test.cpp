#include "xzoo/simd/activations.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/reference.hpp"

namespace {

using xzoo::Activation;
using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

/// Numbers from everywhere: every 1031st bit pattern of a finite float (denormals and extremes
/// included; 1031 is prime, so mantissas vary), and a fine grid over the bends.
const std::vector<float>& sweep() {
    static const std::vector<float> numbers = [] {
        std::vector<float> v;
        for (std::uint64_t bits = 0; bits <= 0xFFFFFFFFU; bits += 1031) {
            const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
            if (std::isfinite(x))
                v.push_back(x);
        }
        for (int i = -1'000'000; i <= 1'000'000; ++i)
            v.push_back(static_cast<float>(i) * 2e-5F);
        return v;
    }();
    return numbers;
}

/// Largest value of error(x, found, expected) over the sweep.
template <class Arch, class Error>
double worst(Activation activation, Error&& error) {
    std::vector<float> y = sweep();
    xzoo::simd::activate<Arch>(y.data(), y.size(), activation);
    double most = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double x = double{sweep()[i]};
        const double e = error(x, double{y[i]}, xzoo::simd::reference::activate(x, activation));
        most = e <= most ? most : e;  // a NaN would stay
    }
    return most;
}

/// |error| / max(1, |x|): what the docstring of activate promises.
double scaled_error(double x, double found, double expected) {
    return std::abs(found - expected) / std::max(1.0, std::abs(x));
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("activations keep their error bounds over all floats",
                        "[simd][activations]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    const double gelu_bound = xzoo::simd::has_fma<TestType> ? 2e-7 : 2.5e-7;
    CHECK(worst<TestType>(Activation::gelu, scaled_error) <= gelu_bound);
    CHECK(worst<TestType>(Activation::gelu_new, scaled_error) <= gelu_bound);
    CHECK(worst<TestType>(Activation::gelu_pytorch_tanh, scaled_error) <= gelu_bound);
    CHECK(worst<TestType>(Activation::gelu_fast, scaled_error) <= gelu_bound);
    CHECK(worst<TestType>(Activation::quick_gelu, scaled_error) <= 1.5e-7);
    CHECK(worst<TestType>(Activation::silu, scaled_error) <= 1.5e-7);
    CHECK(worst<TestType>(Activation::relu, scaled_error) == 0.0);
    CHECK(worst<TestType>(Activation::identity, scaled_error) == 0.0);
}

TEMPLATE_LIST_TEST_CASE("tanh and sigmoid keep their relative error bounds", "[simd][activations]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    // Relative, with an absolute floor where results leave the normal numbers.
    const auto relative = [](double, double found, double expected) {
        return std::max(0.0, std::abs(found - expected) - 1e-37) / (std::abs(expected) + 1e-300);
    };
    CHECK(worst<TestType>(Activation::tanh, relative) <= 4e-7);
    CHECK(worst<TestType>(Activation::sigmoid, relative) <= 4e-7);
}

TEMPLATE_LIST_TEST_CASE("activations have limits at infinity and pass NaN on",
                        "[simd][activations]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    constexpr float inf = std::numeric_limits<float>::infinity();
    const auto at = [](Activation activation, float x) {
        std::vector<float> v(17, x);  // whole registers and a tail
        xzoo::simd::activate<TestType>(v.data(), v.size(), activation);
        REQUIRE(xzoo::test::same_bits(std::span(v).first(8), std::span(v).last(8)));
        return v[0];
    };
    for (const Activation a : {Activation::gelu, Activation::gelu_new, Activation::quick_gelu,
                               Activation::silu, Activation::relu}) {
        INFO(xzoo::name(a));
        CHECK(at(a, inf) == inf);
        CHECK(at(a, -inf) == 0.0F);
        CHECK(at(a, 1e30F) == 1e30F);
        CHECK(at(a, -1e30F) == 0.0F);
        CHECK(at(a, 0.0F) == 0.0F);
        CHECK(std::isnan(at(a, std::numeric_limits<float>::quiet_NaN())));
    }
    CHECK(at(Activation::tanh, inf) == 1.0F);
    CHECK(at(Activation::tanh, -inf) == -1.0F);
    CHECK(at(Activation::sigmoid, inf) == 1.0F);
    CHECK(at(Activation::sigmoid, -inf) == 0.0F);
    CHECK(at(Activation::sigmoid, 0.0F) == 0.5F);
    CHECK(std::isnan(at(Activation::tanh, std::numeric_limits<float>::quiet_NaN())));
    CHECK(std::isnan(at(Activation::sigmoid, std::numeric_limits<float>::quiet_NaN())));
}

TEMPLATE_LIST_TEST_CASE("exp keeps its error bound and is 0 or infinite outside",
                        "[simd][activations]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    using V = xzoo::simd::Vec<TestType>;
    const auto at = [](float x) { return xzoo::simd::exp<TestType>(V(x)).get(0); };
    double most = 0.0;
    for (int i = -872'000; i <= 882'000; ++i) {
        const float x = static_cast<float>(i) * 1e-4F;
        const double expected = std::exp(double{x});
        most = std::max(most, std::abs(double{at(x)} - expected) / expected);
        if (x <= 0.0F)
            REQUIRE(at(x) == xzoo::simd::exp<TestType, true>(V(x)).get(0));
    }
    CHECK(most <= 1.5e-7);
    CHECK(at(0.0F) == 1.0F);
    CHECK(at(-87.7F) == 0.0F);
    CHECK(at(std::numeric_limits<float>::lowest()) == 0.0F);
    CHECK(at(-std::numeric_limits<float>::infinity()) == 0.0F);
    CHECK(at(88.5F) == std::numeric_limits<float>::infinity());
    CHECK(std::isnan(at(std::numeric_limits<float>::quiet_NaN())));
}

TEMPLATE_LIST_TEST_CASE("activate touches exactly its elements", "[simd][activations]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(1);
    for (std::size_t n = 0; n < 40; ++n) {
        Guarded x(n, 2.0F);
        xzoo::simd::activate<TestType>(x.data(), n, Activation::gelu);
        REQUIRE(x.intact());
        for (std::size_t i = 0; i < n; ++i)
            REQUIRE(x[i] == x[0]);
    }
}

TEST_CASE("activation names are those of Hugging Face configs", "[core][activations]") {
    STATIC_REQUIRE(xzoo::activation_from_name("gelu_new") == Activation::gelu_new);
    STATIC_REQUIRE(xzoo::activation_from_name("swish") == Activation::silu);
    STATIC_REQUIRE(xzoo::activation_from_name("linear") == Activation::identity);
    STATIC_REQUIRE(!xzoo::activation_from_name("geluu").has_value());
    for (std::size_t i = 0; i < xzoo::activation_count; ++i) {
        const auto activation = static_cast<Activation>(i);
        CHECK(xzoo::activation_from_name(xzoo::name(activation)) == activation);
    }
}
