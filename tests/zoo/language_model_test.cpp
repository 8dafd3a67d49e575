// The language model that the project ships, against what PyTorch computes with the same weights.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/llama.hpp"

using namespace xzoo;

namespace {

using Model = Weights<LlamaWeights::language_model>::model;
constexpr LlamaConfig config = Weights<LlamaWeights::language_model>::config;

std::filesystem::path folder() {
    return test::shipped("language_model");
}

boost::json::array prompts() {
    const std::string text = io::read_text((folder() / "expected.json").string());
    return boost::json::parse(text).as_object().at("prompts").as_array();
}

std::vector<std::uint32_t> ids_of(const boost::json::value& list) {
    std::vector<std::uint32_t> ids;
    for (const auto& id : list.as_array())
        ids.push_back(id.to_number<std::uint32_t>());
    return ids;
}

/// Row `row` of a tensor (rows, vocabulary) of expected.safetensors.
std::vector<float> expected_row(const char* name, std::size_t row) {
    const io::Checkpoint file = io::Checkpoint::open(folder() / "expected.safetensors");
    const io::TensorView* tensor = file.find(name);
    INFO(name);
    REQUIRE(tensor != nullptr);
    std::vector<float> values(config.vocab_size);
    std::memcpy(values.data(), tensor->bytes.data() + row * values.size() * sizeof(float),
                values.size() * sizeof(float));
    return values;
}

/// The logits behind the last of some ids.
template <class Any>
std::vector<float> last_logits(const Any& model, const std::vector<std::uint32_t>& ids) {
    DecoderInputs inputs;
    inputs.input_ids.resize({1, ids.size()});
    std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
    const auto logits = model(inputs).logits;
    return {logits.end() - static_cast<std::ptrdiff_t>(config.vocab_size), logits.end()};
}

}  // namespace

TEST_CASE("the shipped language model gives PyTorch's logits", "[zoo][language_model]") {
    const auto model =
        Model{}.from_pretrained<LlamaWeights::language_model>({.directory = folder()});
    CHECK(model.load_report().complete());
    const auto tokenizer = Tokenizer::from_pretrained(folder());
    const boost::json::array expected = prompts();
    REQUIRE(expected.size() >= 8);
    for (std::size_t row = 0; row < expected.size(); ++row) {
        const std::string prompt{expected[row].at("prompt").as_string()};
        INFO(prompt);
        std::vector<std::uint32_t> ids = ids_of(expected[row].at("ids"));
        // Texts begin with the end token, which is no part of the prompt.
        const std::vector<std::uint32_t> words = tokenizer(prompt).ids;
        REQUIRE(words.size() <= ids.size());
        CHECK(std::equal(words.rbegin(), words.rend(), ids.rbegin()));
        const std::vector<float> first = expected_row("logits_of_prompt", row);
        test::require_close(last_logits(model, ids), first, 2e-4);
        for (const std::uint32_t id : ids_of(expected[row].at("greedy")))
            ids.push_back(id);
        test::require_close(last_logits(model, ids), expected_row("logits_of_continuation", row),
                            2e-4);
    }
}

TEST_CASE("the shipped language model writes what PyTorch writes", "[zoo][language_model]") {
    const auto tokenizer = Tokenizer::from_pretrained(folder());
    const Model model = Model{}.from_pretrained(folder());
    for (const auto& row : prompts()) {
        INFO(std::string{row.at("prompt").as_string()});
        const GeneratedSequence text =
            model.generate(Prompt{ids_of(row.at("ids")), tokenizer.text_decoder()},
                           {.max_new_tokens = row.at("greedy").as_array().size(),
                            .do_sample = false,
                            .eos_token_id = TokenIds{}});
        CHECK(std::vector<std::uint32_t>(text.new_ids().begin(), text.new_ids().end()) ==
              ids_of(row.at("greedy")));
        CHECK(text.text == std::string{row.at("text").as_string()});
    }
}

TEST_CASE("kept in bfloat16, as its file has them, the weights give nearly the same",
          "[zoo][language_model]") {
    // The weights are the same numbers; processors with products of bfloat16 round inputs as well.
    const double tolerance = simd::has_bf16<simd::default_arch> ? 0.05 : 2e-4;
    const auto model = LlamaForCausalLM<config, bf16>{}.from_pretrained(folder());
    const boost::json::array expected = prompts();
    for (std::size_t row = 0; row < expected.size(); ++row)
        test::require_close(last_logits(model, ids_of(expected[row].at("ids"))),
                            expected_row("logits_of_prompt", row), tolerance);
}
