// Comparisons with the oracle that are no golden cases: weights that were trained.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "zoo/albert.hpp"

using namespace xzoo;

namespace {

/// A tensor of a file, as floats or as ids.
template <class Value>
xt::xarray<Value> read(const io::Checkpoint& file, const std::string& name) {
    const io::TensorView* tensor = file.find(name);
    INFO(name);
    REQUIRE(tensor != nullptr);
    xt::xarray<Value> values;
    values.resize(std::vector<std::size_t>(tensor->shape.begin(), tensor->shape.end()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (tensor->dtype == Dtype::i64) {
            std::int64_t value = 0;
            std::memcpy(&value, tensor->bytes.data() + i * sizeof(value), sizeof(value));
            values.data()[i] = static_cast<Value>(value);
        } else {
            float value = 0.0F;
            std::memcpy(&value, tensor->bytes.data() + i * sizeof(value), sizeof(value));
            values.data()[i] = static_cast<Value>(value);
        }
    }
    return values;
}

// config.json of albert_heads_8_uspto_all_1310k in rxn4chemistry/rxnmapper
constexpr AlbertConfig rxnmapper{.vocab_size = 591,
                                 .embedding_size = 128,
                                 .hidden_size = 256,
                                 .num_attention_heads = 8,
                                 .intermediate_size = 512,
                                 .hidden_act = Activation::gelu,
                                 .bos_token_id = 0};
constexpr std::uint32_t rxnmapper_mask_id = 14;

}  // namespace

TEST_CASE("a trained ALBERT gives its published logits and fills in a reaction",
          "[zoo][albert][oracle]") {
    if (!test::has_shared("models/albert-rxnmapper"))
        return;
    const std::filesystem::path folder = test::shared_dir() / "models" / "albert-rxnmapper";
    const auto model = AlbertForMaskedLM<rxnmapper>{}.from_pretrained(folder);
    const io::Checkpoint golden = io::Checkpoint::open(folder / "expected.safetensors");
    const xt::xarray<std::uint32_t> ids = read<std::uint32_t>(golden, "input_ids");
    const std::size_t length = ids.size();
    EncoderInputs inputs;
    inputs.input_ids.resize({1, length});
    std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
    const auto logits = model(inputs).logits;
    const xt::xarray<float> expected = read<float>(golden, "logits");
    float largest = 0.0F;
    for (const float value : expected)
        largest = std::max(largest, std::abs(value));
    test::require_close({logits.data(), logits.size()}, {expected.data(), expected.size()},
                        2e-5 * (1.0 + double{largest}));

    // Each token in turn is masked and guessed from the rest of the reaction.
    EncoderInputs masked;
    masked.input_ids.resize({length - 2, length});
    for (std::size_t row = 0; row < length - 2; ++row) {
        std::copy(ids.begin(), ids.end(),
                  masked.input_ids.begin() + static_cast<long>(row * length));
        masked.input_ids(row, row + 1) = rxnmapper_mask_id;
    }
    const auto guesses = model(masked).logits;
    std::size_t right = 0;
    for (std::size_t row = 0; row < length - 2; ++row) {
        const float* scores = &guesses(row, row + 1, 0);
        const auto best = std::max_element(scores, scores + rxnmapper.vocab_size) - scores;
        right += static_cast<std::uint32_t>(best) == ids(row + 1) ? 1U : 0U;
    }
    INFO(right << " of " << length - 2 << " tokens were guessed");
    CHECK(right * 10 >= (length - 2) * 9);
}
