// Comparisons with the oracle that are no golden cases: one model in every container, and weights
// that were trained.
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
#include "zoo/bert.hpp"

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

/// Within 2e-5 * (1 + largest absolute expected value).
void compare(const xt::xtensor<float, 3>& found, const xt::xarray<float>& expected) {
    float largest = 0.0F;
    for (const float value : expected)
        largest = std::max(largest, std::abs(value));
    test::require_close({found.data(), found.size()}, {expected.data(), expected.size()},
                        2e-5 * (1.0 + double{largest}));
}

// golden_api/containers
constexpr BertConfig containers{.vocab_size = 157,
                                .hidden_size = 48,
                                .num_hidden_layers = 3,
                                .num_attention_heads = 4,
                                .intermediate_size = 112,
                                .max_position_embeddings = 40};

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

TEST_CASE("each container gives the oracle's logits", "[zoo][bert][oracle]") {
    if (!test::has_shared("golden_api/containers"))
        return;
    const std::filesystem::path folder = test::shared_dir() / "golden_api" / "containers";
    const io::Checkpoint golden = io::Checkpoint::open(folder / "golden.safetensors");
    EncoderInputs inputs;
    inputs.input_ids = read<std::uint32_t>(golden, "input_ids");
    inputs.attention_mask = read<float>(golden, "attention_mask");
    const auto logits = [&](const char* name, const LoadOptions& options = {}) {
        INFO(name);
        return BertForMaskedLM<containers>{}.from_pretrained(folder / name, options)(inputs).logits;
    };
    const xt::xarray<float> expected = read<float>(golden, "logits");
    compare(logits("safetensors"), expected);
    compare(logits("safetensors_sharded"), expected);
    compare(logits("variant", {.variant = "fp32"}), expected);
    for (const char* name : {"bf16", "fp16"}) {
        const io::Checkpoint rounded = io::Checkpoint::open(folder / name / "golden.safetensors");
        compare(logits(name), read<float>(rounded, "logits_computed_in_fp32"));
    }
}

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
    compare(logits, read<float>(golden, "logits"));

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
