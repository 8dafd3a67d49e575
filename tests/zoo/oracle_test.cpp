// Comparisons with the oracle that are no golden cases: masks that only some callers use, and
// weights that were trained.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
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

/// Within 2e-5 * (1 + largest absolute expected value), at rows whose weight is not 0.
void compare_rows(std::span<const float> found, const xt::xarray<float>& expected,
                  const xt::xarray<float>& row_weights) {
    REQUIRE(found.size() == expected.size());
    const std::size_t size = expected.shape().back();
    float largest = 0.0F;
    for (const float value : expected)
        largest = std::max(largest, std::abs(value));
    for (std::size_t row = 0; row < found.size() / size; ++row) {
        if (row_weights.dimension() > 0 && row_weights.data()[row] == 0.0F)
            continue;
        INFO("row " << row);
        test::require_close(found.subspan(row * size, size), {expected.data() + row * size, size},
                            2e-5 * (1.0 + double{largest}));
    }
}

constexpr BertConfig masks_config{.vocab_size = 157,
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

TEST_CASE("head masks by layer and attention masks by query equal the oracle",
          "[zoo][bert][oracle]") {
    const std::filesystem::path folder = test::data_dir() / "masks";
    const auto model = Bert<masks_config>{}.from_pretrained(folder);
    const io::Checkpoint golden = io::Checkpoint::open(folder / "golden.safetensors");
    EncoderInputs inputs;
    inputs.input_ids = read<std::uint32_t>(golden, "input_ids");
    inputs.attention_mask = read<float>(golden, "attention_mask");
    const xt::xarray<float> tokens = inputs.attention_mask;
    inputs.head_mask = read<float>(golden, "head_mask_2d");
    const auto by_layer = model(inputs).last_hidden_state;
    compare_rows({by_layer.data(), by_layer.size()},
                 read<float>(golden, "last_hidden_state_head_mask_2d"), tokens);

    inputs.head_mask = xt::xarray<float>{};
    inputs.attention_mask = read<float>(golden, "mask_3d");
    const auto by_query = model(inputs).last_hidden_state;
    compare_rows({by_query.data(), by_query.size()},
                 read<float>(golden, "last_hidden_state_mask_3d"), {});
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
    compare_rows({logits.data(), logits.size()}, read<float>(golden, "logits"), {});

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
