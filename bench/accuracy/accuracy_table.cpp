// What models lose when their weights are kept in other precisions than float32, as a Markdown
// table: the models that the project ships on real texts, trained models of others where a folder
// with them is given, and random weights in the shapes of well-known models.
// Usage: accuracy_table HELDOUT.txt [MODELS]
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "xzoo/generation/score_text.hpp"
#include "xzoo/nn/cosine_similarity.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/gpt2.hpp"
#include "zoo/llama.hpp"

namespace {

using namespace xzoo;

/// Outputs of a model, a vector a text or token, and how well it does its task.
struct Answers {
    std::vector<std::vector<float>> vectors{};
    std::string task = "-";
};

std::size_t best(const std::vector<float>& scores) {
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
}

/// The smallest cosine of the vectors, and the largest difference relative to the largest number.
void print_row(const std::string& model, const std::string& precision, std::size_t bytes,
               const Answers& found, const Answers& expected) {
    double least = 1.0, difference = 0.0, largest = 0.0;
    std::size_t same = 0;
    for (std::size_t v = 0; v < expected.vectors.size(); ++v) {
        const std::vector<float>& a = found.vectors[v];
        const std::vector<float>& b = expected.vectors[v];
        least = std::min(least, double{cosine_similarity(std::span{a}, std::span{b})});
        same += best(a) == best(b) ? 1 : 0;
        for (std::size_t i = 0; i < b.size(); ++i) {
            difference = std::max(difference, std::abs(double{a[i]} - double{b[i]}));
            largest = std::max(largest, std::abs(double{b[i]}));
        }
    }
    std::printf("| %s | %s | %.1f | %.6f | %.5f | %zu of %zu | %s |\n", model.c_str(),
                precision.c_str(), static_cast<double>(bytes) / 1e6, least, difference / largest,
                same, expected.vectors.size(), found.task.c_str());
    std::fflush(stdout);
}

template <Precisions P, class Model, class Answer>
void add_row(const char* name, const Model& model, const Answer& answer, const Answers& expected) {
    const auto other = model.template to<P>();
    print_row(name, xzoo::name(P.weights), other.memory_footprint(), answer(other), expected);
}

/// Rows of one model in all precisions. answer(model) gives its Answers.
template <class Model, class Answer>
void add_rows(const char* name, const Model& model, const Answer& answer) {
    const Answers expected = answer(model);
    print_row(name, "f32", model.memory_footprint(), expected, expected);
    add_row<bf16>(name, model, answer, expected);
    add_row<f16>(name, model, answer, expected);
    add_row<i8>(name, model, answer, expected);
    add_row<q8>(name, model, answer, expected);
    add_row<q4>(name, model, answer, expected);
    add_row<q4m>(name, model, answer, expected);
    add_row<f8e4m3>(name, model, answer, expected);
}

/// Every row of an output (batch, ..., channels) as a vector.
template <class Tensor>
std::vector<std::vector<float>> rows_of(const Tensor& tensor) {
    const std::size_t size = tensor.shape().back();
    std::vector<std::vector<float>> rows;
    for (std::size_t i = 0; i < tensor.size(); i += size)
        rows.emplace_back(tensor.data() + i, tensor.data() + i + size);
    return rows;
}

template <class Inputs>
Inputs inputs_of(const std::vector<std::uint32_t>& ids) {
    Inputs inputs;
    inputs.input_ids.resize({1, ids.size()});
    std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
    return inputs;
}

std::vector<std::uint32_t> some_ids(std::size_t count, std::size_t vocabulary) {
    std::vector<std::uint32_t> ids(count);
    for (std::size_t i = 0; i < count; ++i)
        ids[i] = static_cast<std::uint32_t>(i * 7919 % vocabulary);
    return ids;
}

std::string text(const char* format, double value) {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

void language_id(const std::filesystem::path& shipped) {
    using Model = Weights<BertWeights::language_id>::model;
    const auto json = boost::json::parse(io::read_text((shipped / "expected.json").string()));
    add_rows("language identification (shipped)", Model{}.from_pretrained(shipped),
             [&](const auto& model) {
                 Answers answers;
                 std::size_t right = 0;
                 const auto& sentences = json.at("sentences").as_array();
                 for (const auto& sentence : sentences) {
                     std::vector<std::uint32_t> ids;
                     for (const auto& id : sentence.at("ids").as_array())
                         ids.push_back(id.to_number<std::uint32_t>());
                     const auto logits = model(inputs_of<EncoderInputs>(ids)).logits;
                     answers.vectors.emplace_back(logits.begin(), logits.end());
                     const std::string& label = model.labels()[best(answers.vectors.back())];
                     right += label == sentence.at("label").as_string() ? 1 : 0;
                 }
                 answers.task = std::to_string(right) + " of " + std::to_string(sentences.size()) +
                                " labels right";
                 return answers;
             });
}

void language_model(const std::filesystem::path& shipped, const std::string& heldout) {
    using Model = Weights<LlamaWeights::language_model>::model;
    const auto ids = Tokenizer::from_pretrained(shipped).encode(heldout).ids;
    add_rows("language model (shipped)", Model{}.from_pretrained(shipped), [&](const auto& model) {
        const std::vector<std::uint32_t> some{ids.begin(), ids.begin() + 200};
        return Answers{
            rows_of(model(inputs_of<DecoderInputs>(some)).logits),
            text("perplexity %.3f", score_text(model.language_model(), ids).perplexity())};
    });
}

// config.json of albert_heads_8_uspto_all_1310k in rxn4chemistry/rxnmapper
constexpr AlbertConfig rxnmapper{.vocab_size = 591,
                                 .embedding_size = 128,
                                 .hidden_size = 256,
                                 .num_attention_heads = 8,
                                 .intermediate_size = 512,
                                 .hidden_act = Activation::gelu,
                                 .bos_token_id = 0};

/// Each token of a reaction is masked in turn and guessed.
void masked_tokens(const std::filesystem::path& folder) {
    const io::Checkpoint file = io::Checkpoint::open(folder / "expected.safetensors");
    const io::TensorView* tensor = file.find("input_ids");
    if (tensor == nullptr || tensor->dtype != Dtype::i64)
        throw FileError{folder.string(), "has no input_ids as 64-bit integers"};
    std::vector<std::int64_t> values(tensor->elements());
    std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    std::vector<std::uint32_t> ids;
    for (const std::int64_t value : values)
        ids.push_back(static_cast<std::uint32_t>(value));
    constexpr std::uint32_t mask_id = 14;
    add_rows("RXNMapper (ALBERT)", AlbertForMaskedLM<rxnmapper>{}.from_pretrained(folder),
             [&](const auto& model) {
                 Answers answers;
                 std::size_t right = 0;
                 for (std::size_t i = 1; i + 1 < ids.size(); ++i) {
                     std::vector<std::uint32_t> masked = ids;
                     masked[i] = mask_id;
                     const auto logits = model(inputs_of<EncoderInputs>(masked)).logits;
                     answers.vectors.emplace_back(&logits(0, i, 0),
                                                  &logits(0, i, 0) + rxnmapper.vocab_size);
                     right += best(answers.vectors.back()) == ids[i] ? 1 : 0;
                 }
                 answers.task = text("%.1f %% of masked tokens right",
                                     100.0 * static_cast<double>(right) /
                                         static_cast<double>(answers.vectors.size()));
                 return answers;
             });
}

/// A text that the model wrote itself.
void stories(const std::filesystem::path& folder) {
    const auto ids = Tokenizer::from_pretrained(folder)
                         .encode(io::read_text((folder / "expected_greedy.txt").string()))
                         .ids;
    add_rows("stories260K (Llama)", LlamaForCausalLM<stories_260k>{}.from_pretrained(folder),
             [&](const auto& model) {
                 return Answers{
                     rows_of(model(inputs_of<DecoderInputs>(ids)).logits),
                     text("perplexity %.4f", score_text(model.language_model(), ids).perplexity())};
             });
}

// config.json of the model, see models/gpt2-nano-sort
constexpr Gpt2Config nano_sort{.vocab_size = 3,
                               .n_positions = 11,
                               .n_embd = 48,
                               .n_layer = 3,
                               .n_head = 3,
                               .tie_word_embeddings = false};

/// All sequences of six symbols out of three, which the model continues by sorting them.
void sorting(const std::filesystem::path& folder) {
    constexpr std::size_t symbols = 6;
    add_rows("nano-gpt that sorts (GPT-2)", Gpt2LMHeadModel<nano_sort>{}.from_pretrained(folder),
             [](const auto& model) {
                 Answers answers;
                 std::size_t right = 0;
                 for (std::uint32_t number = 0; number < 729; ++number) {
                     std::vector<std::uint32_t> ids;
                     for (std::uint32_t rest = number; ids.size() < symbols; rest /= 3)
                         ids.push_back(rest % 3);
                     std::vector<std::uint32_t> sorted = ids;
                     std::sort(sorted.begin(), sorted.end());
                     ids.insert(ids.end(), sorted.begin(), sorted.end() - 1);
                     const auto rows = rows_of(model(inputs_of<DecoderInputs>(ids)).logits);
                     bool all = true;
                     for (std::size_t i = 0; i < symbols; ++i) {
                         answers.vectors.push_back(rows[symbols - 1 + i]);
                         all = all && best(answers.vectors.back()) == sorted[i];
                     }
                     right += all ? 1 : 0;
                 }
                 answers.task = std::to_string(right) + " of 729 sequences sorted";
                 return answers;
             });
}

template <class Model>
void random_encoder(const char* name) {
    add_rows(name, Model{}.random_init(1), [](const auto& model) {
        const auto ids = some_ids(128, Model::config.vocab_size);
        return Answers{rows_of(model(inputs_of<EncoderInputs>(ids)).last_hidden_state)};
    });
}

template <class Model>
void random_decoder(const char* name) {
    add_rows(name, Model{}.random_init(1), [](const auto& model) {
        const auto ids = some_ids(128, Model::config.vocab_size);
        return Answers{rows_of(model(inputs_of<DecoderInputs>(ids)).logits)};
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "Usage: accuracy_table HELDOUT.txt [MODELS]\n";
        return 2;
    }
    try {
        const std::filesystem::path embedded = "weights_manifest/embedded";
        std::puts(
            "| model | precision | MB | least cosine | largest error | same best | task |\n"
            "| --- | --- | --- | --- | --- | --- | --- |");
        language_id(embedded / "language_id");
        language_model(embedded / "language_model", io::read_text(argv[1]));
        if (argc > 2) {
            const std::filesystem::path models = argv[2];
            masked_tokens(models / "albert-rxnmapper");
            stories(models / "llama-stories260K");
            sorting(models / "gpt2-nano-sort");
        }
        random_encoder<Bert<bert_base>>("BERT-base shape, random");
        random_encoder<Bert<minilm_l6>>("MiniLM-L6 shape, random");
        random_decoder<Gpt2LMHeadModel<gpt2_small>>("GPT-2 shape, random");
        random_decoder<LlamaForCausalLM<smollm2_135m>>("SmolLM2-135M shape, random");
        std::printf("\nKernels: %s.\n", simd::arch_name());
    } catch (const std::exception& error) {
        std::cerr << "accuracy_table: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
