#include "xzoo/simd/attention.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/reference.hpp"

namespace {

using xzoo::simd::AttentionProblem;
using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

constexpr float hidden = std::numeric_limits<float>::lowest();

struct Shape {
    std::size_t batch, heads, kv_heads, queries, keys, dim;
};

/// A problem and the arrays it points to; queries, keys and values lie in one fused array, as a
/// fused projection leaves them.
struct Case {
    Shape s;
    std::size_t stride;
    std::vector<float> fused;
    Guarded output;
    Guarded probabilities;
    std::vector<float> mask, bias, head_mask;
    AttentionProblem p{};

    Case(Random& random, Shape shape, float range = 1.0F)
        : s(shape),
          stride((shape.heads + 2 * shape.kv_heads) * shape.dim),
          fused(random.vector(shape.batch * std::max(shape.queries, shape.keys) * stride, -range,
                              range)),
          output(shape.batch * shape.queries * shape.heads * shape.dim, 7.0F),
          probabilities(shape.batch * shape.heads * shape.queries * shape.keys, 7.0F) {
        p.batch = s.batch;
        p.heads = s.heads;
        p.kv_heads = s.kv_heads;
        p.query_length = s.queries;
        p.key_length = s.keys;
        p.head_dim = s.dim;
        p.query = fused.data();
        p.key = p.query + s.heads * s.dim;
        p.value = p.key + s.kv_heads * s.dim;
        p.output = output.data();
        p.query_token_stride = p.key_token_stride = p.value_token_stride = stride;
        p.output_token_stride = s.heads * s.dim;
        p.query_batch_stride = p.key_batch_stride = p.value_batch_stride =
            std::max(s.queries, s.keys) * stride;
        p.output_batch_stride = s.queries * p.output_token_stride;
        p.scale = 1.0F / std::sqrt(static_cast<float>(s.dim));
    }

    /// One mask of keys a batch: `visible(batch, key)` keeps them.
    template <class F>
    void mask_keys(F&& visible) {
        mask.assign(s.batch * s.keys, 0.0F);
        for (std::size_t b = 0; b < s.batch; ++b) {
            for (std::size_t k = 0; k < s.keys; ++k)
                mask[b * s.keys + k] = visible(b, k) ? 0.0F : hidden;
        }
        p.mask = mask.data();
        p.mask_batch_stride = s.keys;
        p.mask_query_stride = 0;
    }

    /// A mask of (batch, query, key).
    template <class F>
    void mask_pairs(F&& visible) {
        mask.assign(s.batch * s.queries * s.keys, 0.0F);
        for (std::size_t i = 0; i < mask.size(); ++i)
            mask[i] = visible(i / s.keys % s.queries, i % s.keys) ? 0.0F : hidden;
        p.mask = mask.data();
        p.mask_batch_stride = s.queries * s.keys;
        p.mask_query_stride = s.keys;
    }

    template <class Arch>
    void run(int threads = 1) {
        Guarded scratch(xzoo::simd::attention_scratch<Arch>(p, threads),
                        std::numeric_limits<float>::quiet_NaN());
        xzoo::simd::attention<Arch>(p, scratch.data(), threads);
        REQUIRE(scratch.intact());
        REQUIRE(output.intact());
        REQUIRE(probabilities.intact());
    }

    /// Output, and probabilities where asked for, against double precision; rtol is relative to
    /// the largest probability or value.
    void check(double rtol) {
        double range = 0.0;
        for (const float v : fused)
            range = std::max(range, double{std::abs(v)});
        for (std::size_t i = 0; i < s.batch * s.heads * s.queries; ++i) {
            const std::size_t b = i / (s.heads * s.queries);
            const std::size_t h = i / s.queries % s.heads;
            const std::size_t q = i % s.queries;
            const auto row = xzoo::simd::reference::attention_row(p, b, h, q);
            const auto expected = xzoo::simd::reference::attention_output(p, b, h, row);
            INFO("batch " << b << " head " << h << " query " << q);
            for (std::size_t d = 0; d < s.dim; ++d) {
                const float found =
                    output[b * p.output_batch_stride + q * p.output_token_stride + h * s.dim + d];
                REQUIRE(std::abs(double{found} - expected[d]) <= rtol * range);
            }
            for (std::size_t k = 0; p.probabilities != nullptr && k < s.keys; ++k) {
                const double found = double{p.probabilities[i * s.keys + k]};
                REQUIRE(std::abs(found - row[k]) <= rtol);
                if (row[k] == 0.0)
                    REQUIRE(found == 0.0);
            }
        }
    }

    /// Both ways of computing it: blocked, and through whole rows of probabilities.
    template <class Arch>
    void run_and_check(double rtol = 1e-6) {
        p.probabilities = nullptr;
        run<Arch>();
        check(rtol);
        p.probabilities = probabilities.data();
        run<Arch>();
        check(rtol);
    }
};

const std::vector<Shape> shapes{{1, 1, 1, 1, 1, 1},    {2, 3, 3, 7, 7, 12},   {1, 2, 2, 19, 19, 9},
                                {2, 4, 2, 33, 33, 80}, {1, 1, 1, 5, 300, 64}, {1, 2, 1, 14, 700, 7},
                                {1, 1, 1, 40, 3, 17}};

}  // namespace

TEMPLATE_LIST_TEST_CASE("attention equals the double reference", "[simd][attention]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(1);
    for (const Shape& shape : shapes)
        Case(random, shape).run_and_check<TestType>();
}

TEMPLATE_LIST_TEST_CASE("attention adds key masks, biases and head masks", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(2);
    for (const Shape& shape : shapes) {
        Case c(random, shape);
        const std::size_t end = random.size(1, shape.keys);
        c.mask_keys(
            [&](std::size_t b, std::size_t k) { return k < end && (b == 0 || k % 3 != 1); });
        c.run_and_check<TestType>();
        c.p.bias_query_stride = shape.keys + random.size(0, 3);
        c.p.bias_head_stride = shape.queries * c.p.bias_query_stride + random.size(0, 3);
        c.bias = random.vector(shape.heads * c.p.bias_head_stride, -3.0F, 3.0F);
        c.p.bias = c.bias.data();
        c.run_and_check<TestType>();
        c.head_mask = random.vector(shape.heads, 0.0F, 2.0F);
        c.head_mask[0] = 0.0F;
        c.p.head_mask = c.head_mask.data();
        c.run_and_check<TestType>(2e-6);
    }
}

TEMPLATE_LIST_TEST_CASE("attention honours a mask of queries and keys", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(3);
    for (const Shape& shape : shapes) {
        Case c(random, shape);
        // Query 2 sees nothing, query 0 only the last key, the others a third of them.
        c.mask_pairs([&](std::size_t q, std::size_t k) {
            return q == 0 ? k + 1 == shape.keys : q != 2 && (q + k) % 3 == 0;
        });
        c.run_and_check<TestType>();
        c.p.causal = true;
        c.run_and_check<TestType>();
    }
}

TEMPLATE_LIST_TEST_CASE("causal attention sees the past, with and without padding",
                        "[simd][attention]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(4);
    for (const Shape& shape : shapes) {
        Case c(random, shape);
        c.p.causal = true;
        c.run_and_check<TestType>();
        c.mask_keys([&](std::size_t, std::size_t k) { return k + 3 < shape.keys; });  // right
        c.run_and_check<TestType>();
        c.mask_keys([&](std::size_t, std::size_t k) { return k >= 2; });  // left: rows see nothing
        c.run_and_check<TestType>();
    }
}

TEMPLATE_LIST_TEST_CASE("windows, soft caps and ALiBi change the scores", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(9);
    for (const Shape& shape : shapes) {
        if (shape.keys < shape.queries)
            continue;  // windows are for queries that all have a key of their own
        for (const std::size_t window : std::initializer_list<std::size_t>{1, 3, 16, 290, 10000}) {
            Case c(random, shape, 2.0F);
            c.p.causal = true;
            c.p.window = window;
            c.run_and_check<TestType>();
            c.p.softcap = 0.7F;
            c.run_and_check<TestType>();
            const std::vector<float> slopes = random.vector(shape.heads, 0.0F, 1.0F);
            c.p.alibi = {.slopes = slopes.data(), .scale = 0.5F};
            c.run_and_check<TestType>(2e-6);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("narrow products round to bfloat16, or do nothing", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(11);
    for (const Shape& shape : shapes) {
        Case c(random, shape);
        c.run<TestType>();
        const std::vector<float> wide(c.output.span().begin(), c.output.span().end());
        c.p.narrow_products = true;
        c.run<TestType>();
        c.check(0x1p-7);
        const bool same = xzoo::test::same_bits(c.output.span(), wide);
        REQUIRE(same == !xzoo::simd::narrows_products<TestType>);
        c.run_and_check<TestType>(0x1p-7);
        c.p.causal = true;
        c.mask_keys([&](std::size_t b, std::size_t k) { return k >= b; });
        c.run_and_check<TestType>(0x1p-7);
    }
}

TEMPLATE_LIST_TEST_CASE("a row without a visible key averages all values", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(5);
    Case c(random, {2, 2, 2, 5, 290, 12});
    c.mask_keys([](std::size_t b, std::size_t) { return b == 1; });
    c.run_and_check<TestType>();
    for (std::size_t k = 0; k < c.s.keys; ++k)
        REQUIRE(c.probabilities[k] == Approx(1.0 / 290.0).epsilon(1e-6));
}

TEMPLATE_LIST_TEST_CASE("masks of minus infinity act like the lowest float", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(6);
    Case c(random, {2, 1, 1, 9, 21, 8});
    c.mask_keys([](std::size_t b, std::size_t k) { return b == 1 && k > 5; });
    for (float& m : c.mask)
        m = m == hidden ? -std::numeric_limits<float>::infinity() : m;
    c.run_and_check<TestType>();
}

TEMPLATE_LIST_TEST_CASE("attention stays finite for very large scores", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(7);
    Case c(random, {1, 2, 2, 9, 600, 16}, 1000.0F);  // scores up to 4e6: one key takes all
    c.run<TestType>();
    for (const float v : c.output.span())
        REQUIRE(std::abs(v) <= 1000.001F);
}

TEMPLATE_LIST_TEST_CASE("attention gives the same bits on any number of threads",
                        "[simd][attention]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(8);
    for (const Shape& shape : {Shape{1, 4, 2, 60, 70, 64}, Shape{3, 1, 1, 50, 300, 20}}) {
        Case c(random, shape);
        c.mask_keys([&](std::size_t b, std::size_t k) { return k + b * 9 < shape.keys; });
        c.run<TestType>(1);
        const std::vector<float> once(c.output.span().begin(), c.output.span().end());
        for (const int threads : {2, 3, 5}) {
            c.run<TestType>(threads);
            REQUIRE(xzoo::test::same_bits(c.output.span(), once));
        }
    }
}
