#include "xzoo/nn/relative_bias.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support.hpp"

using namespace xzoo;

TEST_CASE("distances share buckets as in the trained models", "[nn][relative_bias]") {
    CHECK(nn::relative_bucket(0) == 0);
    for (std::int64_t distance = 1; distance < 8; ++distance) {
        CHECK(nn::relative_bucket(-distance) == static_cast<std::size_t>(distance));
        CHECK(nn::relative_bucket(distance) == static_cast<std::size_t>(distance) + 16);
    }
    // The first distance of each bucket from 8 on: 8 * 2^(i / 2), rounded up.
    const std::vector<std::int64_t> first{8, 12, 16, 23, 32, 46, 64, 91};
    for (std::int64_t distance = 8; distance < 600; ++distance) {
        std::size_t bucket = 7;
        for (const std::int64_t start : first)
            bucket += distance >= start ? 1U : 0U;
        INFO("distance " << distance);
        CHECK(nn::relative_bucket(-distance) == bucket);
        CHECK(nn::relative_bucket(distance) == bucket + 16);
    }
}

TEST_CASE("the bias of a pair of places is the table's entry for their distance",
          "[nn][relative_bias]") {
    constexpr std::size_t heads = 3;
    std::vector<float> table(32 * heads);
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<float>(i);
    for (const std::size_t length : {std::size_t{1}, std::size_t{2}, std::size_t{37}}) {
        std::vector<float> bias(heads * length * length + 1, -1.0F);
        nn::relative_bias(table.data(), heads, length, bias.data());
        CHECK(bias.back() == -1.0F);
        std::size_t wrong = 0;
        for (std::size_t h = 0; h < heads; ++h)
            for (std::size_t q = 0; q < length; ++q)
                for (std::size_t k = 0; k < length; ++k) {
                    const auto relative =
                        static_cast<std::int64_t>(k) - static_cast<std::int64_t>(q);
                    const float expected = table[nn::relative_bucket(relative) * heads + h];
                    wrong += bias[(h * length + q) * length + k] == expected ? 0U : 1U;
                }
        CHECK(wrong == 0);
    }
}
