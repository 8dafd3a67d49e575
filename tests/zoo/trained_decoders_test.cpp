// Decoders that were trained by others, against what was published with them.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/gpt2.hpp"
#include "zoo/llama.hpp"

using namespace xzoo;

namespace {

// config.json of minGPT's gpt-nano, trained to sort six symbols
constexpr Gpt2Config nano_sort{.vocab_size = 3,
                               .n_positions = 11,
                               .n_embd = 48,
                               .n_layer = 3,
                               .n_head = 3,
                               .tie_word_embeddings = false};

/// The floats of a tensor of a file.
std::vector<float> read(const io::Checkpoint& file, const std::string& name) {
    const io::TensorView* tensor = file.find(name);
    INFO(name);
    REQUIRE(tensor != nullptr);
    REQUIRE(tensor->dtype == Dtype::f32);
    std::vector<float> values(tensor->elements());
    std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("stories260K writes its documented story", "[zoo][llama]") {
    if (!test::has_shared("models/llama-stories260K"))
        return;
    const std::filesystem::path folder = test::shared_dir() / "models" / "llama-stories260K";
    const auto llama = LlamaForCausalLM<stories_260k>{}.from_pretrained(folder);
    const auto tokenizer = Tokenizer::from_pretrained(folder);
    // The story begins with the beginning-of-text token alone, and 256 tokens follow.
    std::string streamed;
    const GeneratedSequence story =
        llama.generate(Prompt{{1}, tokenizer.text_decoder()},
                       {.max_new_tokens = 256, .do_sample = false}, [&](std::string_view piece) {
                           streamed += piece;
                           return true;
                       });
    std::string expected = text_of(folder / "expected_greedy.txt");
    while (!expected.empty() && expected.back() == '\n')
        expected.pop_back();
    CHECK(story.new_ids().size() == 256);
    const std::size_t start = story.text.find_first_not_of(' ');
    REQUIRE(start != std::string::npos);
    CHECK(story.text.substr(start) == expected);
    CHECK(streamed == story.text);
}

TEST_CASE("a nano GPT has its published activations and sorts", "[zoo][gpt2]") {
    if (!test::has_shared("models/gpt2-nano-sort"))
        return;
    const std::filesystem::path folder = test::shared_dir() / "models" / "gpt2-nano-sort";
    const auto gpt = Gpt2LMHeadModel<nano_sort>{}.from_pretrained(folder);
    const io::Checkpoint golden = io::Checkpoint::open(folder / "expected_activations.safetensors");
    const std::vector<float> idx = read(golden, "idx");
    DecoderInputs inputs{.output_hidden_states = true, .output_attentions = true};
    inputs.input_ids.resize({3, 11});
    for (std::size_t i = 0; i < idx.size(); ++i)
        inputs.input_ids.data()[i] = static_cast<std::uint32_t>(idx[i]);
    const TokenOutput output = gpt(inputs);
    const auto compare = [&](const char* name, const auto& found) {
        INFO(name);
        const std::vector<float> expected = read(golden, name);
        test::require_close({found.data(), found.size()}, expected, 1e-5, 1e-5);
    };
    compare("x", output.hidden_states[0]);
    compare("block0", output.hidden_states[1]);
    compare("block1", output.hidden_states[2]);
    compare("ln_f", output.hidden_states[3]);
    compare("attSm", output.attentions[0]);
    compare("lm_head", output.logits);

    std::mt19937 random{5};
    std::vector<std::vector<std::uint32_t>> prompts(200, std::vector<std::uint32_t>(6));
    for (auto& prompt : prompts)
        for (std::uint32_t& id : prompt)
            id = static_cast<std::uint32_t>(random() % 3);
    const GenerationResult sorted =
        gpt.generate(prompts, {.max_new_tokens = 6, .do_sample = false});
    REQUIRE(sorted.sequences.size() == prompts.size());
    for (const GeneratedSequence& sequence : sorted.sequences) {
        std::vector<std::uint32_t> expected = prompts[sequence.prompt];
        std::sort(expected.begin(), expected.end());
        REQUIRE(std::vector<std::uint32_t>(sequence.new_ids().begin(), sequence.new_ids().end()) ==
                expected);
    }
}
