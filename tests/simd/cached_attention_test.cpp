#include "xzoo/simd/cached_attention.hpp"

#include <cmath>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/attention.hpp"
#include "xzoo/simd/reference.hpp"

namespace {

using xzoo::Dtype;
using xzoo::simd::AttentionProblem;
using xzoo::simd::CachedAttentionProblem;
using xzoo::simd::CachedQuery;
using xzoo::simd::CacheRows;
using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

struct Shape {
    std::size_t heads, kv_heads, dim, tokens, ring;
};

/// Keys or values of two sequences in a cache, and what the cache made of them.
struct Rows {
    CacheRows rows;
    std::vector<float> memory, scales;
    std::vector<float> kept;  // (tokens, kv_heads, dim) of sequence 1, as the cache holds them

    Rows(Random& random, const Shape& s, Dtype dtype)
        : memory(2 * s.kv_heads * s.ring * s.dim), scales(2 * s.kv_heads * s.ring) {
        rows = {.data = reinterpret_cast<std::byte*>(memory.data()),
                .scales = scales.data(),
                .dtype = dtype,
                .head_dim = s.dim,
                .ring = s.ring,
                .head_stride = s.ring * s.dim,
                .sequence_stride = s.kv_heads * s.ring * s.dim};
        kept.resize(s.tokens * s.kv_heads * s.dim);
        for (std::size_t t = 0; t < s.tokens; ++t) {
            for (std::size_t h = 0; h < s.kv_heads; ++h) {
                const std::vector<float> row = random.vector(s.dim);
                xzoo::simd::store_row(rows, 1, h, t, row.data());
                float* copy = kept.data() + (t * s.kv_heads + h) * s.dim;
                xzoo::simd::for_each_number(rows, 1, h, t,
                                            [&](std::size_t d, float value) { copy[d] = value; });
                const double allowed = dtype == Dtype::f32    ? 0.0
                                       : dtype == Dtype::bf16 ? 4e-3
                                                              : 8e-3;
                for (std::size_t d = 0; d < s.dim; ++d)
                    REQUIRE(std::abs(double{copy[d]} - double{row[d]}) <= allowed);
            }
        }
    }
};

const std::vector<Shape> shapes{{1, 1, 1, 1, 1},      {4, 2, 16, 70, 70}, {3, 3, 20, 200, 128},
                                {9, 3, 64, 130, 130}, {10, 1, 9, 65, 80}, {71, 1, 33, 20, 20}};

template <class Arch>
void compare(const Shape& s, Dtype dtype, std::size_t window, float softcap, bool alibi) {
    Random random(static_cast<std::uint32_t>(s.dim + window));
    const Rows keys(random, s, dtype);
    const Rows values(random, s, dtype);
    const std::vector<float> query = random.vector(s.heads * s.dim);
    const std::vector<float> slopes = random.vector(s.heads, 0.0F, 0.5F);
    Guarded output(s.heads * s.dim, 7.0F);
    const float scale = 1.0F / std::sqrt(static_cast<float>(s.dim));
    const CachedAttentionProblem problem{.heads = s.heads,
                                         .kv_heads = s.kv_heads,
                                         .head_dim = s.dim,
                                         .keys = &keys.rows,
                                         .values = &values.rows,
                                         .scale = scale,
                                         .softcap = softcap,
                                         .window = window,
                                         .alibi = {.slopes = alibi ? slopes.data() : nullptr}};
    const CachedQuery one{query.data(), output.data(), 1, s.tokens};
    xzoo::simd::cached_attention<Arch>(problem, &one, 1, 1);
    REQUIRE(output.intact());

    AttentionProblem p{};
    p.batch = 1;
    p.heads = s.heads;
    p.kv_heads = s.kv_heads;
    p.query_length = 1;
    p.key_length = s.tokens;
    p.head_dim = s.dim;
    p.query = query.data();
    p.key = keys.kept.data();
    p.value = values.kept.data();
    p.query_token_stride = p.output_token_stride = s.heads * s.dim;
    p.key_token_stride = p.value_token_stride = s.kv_heads * s.dim;
    p.scale = scale;
    p.causal = true;
    p.window = window;
    p.softcap = softcap;
    p.alibi.slopes = alibi ? slopes.data() : nullptr;
    for (std::size_t h = 0; h < s.heads; ++h) {
        const auto row = xzoo::simd::reference::attention_row(p, 0, h, 0);
        const auto expected = xzoo::simd::reference::attention_output(p, 0, h, row);
        for (std::size_t d = 0; d < s.dim; ++d)
            REQUIRE(std::abs(double{output[h * s.dim + d]} - expected[d]) <= 2e-6);
    }

    // Several new tokens at once read the same rows through the blocked kernel.
    Guarded blocked(s.heads * s.dim, 7.0F);
    p.output = blocked.data();
    p.key = p.value = nullptr;
    p.cached_keys = &keys.rows;
    p.cached_values = &values.rows;
    p.sequence = 1;
    const std::size_t hidden = window == 0 || s.tokens < window ? 0 : s.tokens - window;
    p.first_token = hidden;
    p.key_length = s.tokens - hidden;
    Guarded scratch(xzoo::simd::attention_scratch<Arch>(p, 1));
    xzoo::simd::attention<Arch>(p, scratch.data(), 1);
    for (std::size_t i = 0; i < s.heads * s.dim; ++i)
        REQUIRE(std::abs(double{blocked[i]} - double{output[i]}) <= 4e-6);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("cached attention equals the double reference", "[simd][attention]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    for (const Shape& shape : shapes) {
        for (const Dtype dtype : {Dtype::f32, Dtype::bf16, Dtype::i8}) {
            INFO(shape.heads << " heads, " << shape.tokens << " tokens, " << xzoo::name(dtype));
            // What a ring has forgotten must be behind the window.
            const std::size_t window = shape.tokens > shape.ring ? shape.ring : 0;
            compare<TestType>(shape, dtype, window, 0.0F, false);
            compare<TestType>(shape, dtype, 17, 0.9F, false);
            compare<TestType>(shape, dtype, window, 0.0F, true);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("cached attention gives the same bits on any number of threads",
                        "[simd][attention]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(5);
    const Shape shape{8, 4, 64, 900, 900};
    const Rows keys(random, shape, Dtype::bf16);
    const Rows values(random, shape, Dtype::bf16);
    const std::vector<float> query = random.vector(3 * shape.heads * shape.dim);
    const CachedAttentionProblem problem{.heads = shape.heads,
                                         .kv_heads = shape.kv_heads,
                                         .head_dim = shape.dim,
                                         .keys = &keys.rows,
                                         .values = &values.rows,
                                         .scale = 0.125F};
    std::vector<float> once;
    for (const int threads : {1, 2, 5}) {
        Guarded output(query.size());
        std::vector<CachedQuery> queries;
        for (std::size_t i = 0; i < 3; ++i)
            queries.push_back({query.data() + i * shape.heads * shape.dim,
                               output.data() + i * shape.heads * shape.dim, 1,
                               shape.tokens - 100 * i});
        xzoo::simd::cached_attention<TestType>(problem, queries.data(), queries.size(), threads);
        REQUIRE(output.intact());
        if (once.empty())
            once.assign(output.span().begin(), output.span().end());
        REQUIRE(xzoo::test::same_bits(output.span(), once));
    }
}
