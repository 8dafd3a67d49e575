// Models in packed checkpoints: what is written, how it is mapped, and which files are refused.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "small_models.hpp"
#include "support.hpp"
#include "temp_folder.hpp"
#include "xzoo/io/packed_file.hpp"
#include "zoo/gpt2.hpp"

using namespace xzoo;
using Catch::Matchers::Contains;
using test::logits;
using test::small_bert;
using test::small_llama;

namespace {

constexpr Gpt2Config small_gpt2{
    .vocab_size = 211, .n_positions = 32, .n_embd = 36, .n_layer = 2, .n_head = 3};

/// Kilobytes of a field of /proc/self/smaps, summed over the mappings of a file.
std::size_t smaps(const std::filesystem::path& file, std::string_view field) {
    std::ifstream maps{"/proc/self/smaps"};
    std::size_t sum = 0;
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        if (line.find('-') < line.find(' ') && line.find(':') > line.find(' '))
            inside = line.ends_with(file.string());
        else if (inside && line.starts_with(field))
            sum += std::stoul(line.substr(field.size() + 1));
    }
    return sum;
}

/// The file again, with other metadata and tensors.
template <class Change>
std::filesystem::path changed(const std::filesystem::path& file, const char* name, Change change) {
    const io::Checkpoint checkpoint = io::Checkpoint::open(file);
    io::Metadata metadata = checkpoint.metadata().front();
    std::vector<io::NamedTensor> tensors;
    for (const io::TensorView& tensor : checkpoint.tensors())
        tensors.push_back({.name = std::string{tensor.name},
                           .dtype = tensor.dtype,
                           .shape = {tensor.shape.begin(), tensor.shape.end()},
                           .bytes = tensor.bytes});
    std::size_t alignment = 64;
    change(metadata, tensors, alignment);
    const std::filesystem::path to = file.parent_path() / name;
    io::write_safetensors(to, tensors, metadata, alignment);
    return to;
}

template <class Model>
void check_round_trip(std::uint64_t seed) {
    INFO(Model::class_name << " in " << name(precisions_of<Model>.weights));
    const test::TempFolder folder;
    const std::filesystem::path file = folder.path() / "packed.safetensors";
    std::vector<float> expected;
    {
        const Model model = Model{}.random_init(seed);
        expected = logits(model);
        model.save_packed(file);
    }
    const Model mapped = Model{}.from_pretrained(file);
    CHECK(logits(mapped) == expected);
    CHECK(mapped.load_report().complete());
    CHECK(mapped.load_report().loaded == params<Model>.size());
    CHECK(smaps(file, "Rss:") > 0);
    CHECK(smaps(file, "Private_Dirty:") == 0);
    {
        // A second mapping, as that of another process, has the pages of the first.
        const Model second = Model{}.from_pretrained(file);
        CHECK(logits(second) == expected);
        CHECK(smaps(file, "Shared_Clean:") * 1024 > second.memory_footprint());
    }
    // What is mapped can be copied, packed once more, over itself, and be saved for other tools.
    const Model copy = mapped;
    copy.save_packed(file);
    CHECK(logits(Model{}.from_pretrained(file)) == expected);
    mapped.save_pretrained(folder.path() / "plain");
    const Model plain = Model{}.from_pretrained(folder.path() / "plain");
    for (const ParamInfo& param : params<Model>) {
        const bool same = plain.parameter(param.name) == mapped.parameter(param.name);
        INFO(param.name);
        CHECK(same);
    }
}

}  // namespace

TEST_CASE("a packed model gives the bits of the model that was packed, in every precision",
          "[zoo][packed]") {
    check_round_trip<BertForMaskedLM<small_bert>>(1);
    check_round_trip<BertForMaskedLM<small_bert, i8>>(2);
    check_round_trip<LlamaForCausalLM<small_llama, bf16>>(3);
    check_round_trip<LlamaForCausalLM<small_llama, q4>>(4);
    check_round_trip<Gpt2LMHeadModel<small_gpt2, q8>>(5);
}

TEST_CASE("a packed file keeps config, labels, settings and where its weights came from",
          "[zoo][packed]") {
    using Model = BertForSequenceClassification<small_bert>;
    const test::TempFolder folder;
    Model{}.random_init(7).save_pretrained(folder.path());
    io::write_file(folder.path() / "config.json",
                   R"({"model_type": "bert", "vocab_size": 211, "hidden_size": 36,
                       "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 50,
                       "max_position_embeddings": 40, "layer_norm_eps": 1e-12,
                       "id2label": {"0": "no", "1": "yes", "2": "why"}})");
    io::write_file(folder.path() / "generation_config.json", R"({"max_length": 17})");
    const Model model = Model{}.from_pretrained(folder.path());
    const std::filesystem::path file = folder.path() / "for_this_cpu.safetensors";
    model.save_packed(file);
    const Model mapped = Model{}.from_pretrained(file);
    CHECK(mapped.labels() == std::vector<std::string>{"no", "yes", "why"});
    CHECK(mapped.generation_json() == R"({"max_length": 17})");
    const io::Checkpoint checkpoint = io::Checkpoint::open(file);
    const auto source =
        io::parse_object(checkpoint.metadata().front().at("source"), "the file's source");
    REQUIRE(source.size() == 1);
    const io::MappedFile weights{folder.path() / "model.safetensors"};
    CHECK(std::string_view{source.at("model.safetensors").get_string()} ==
          io::sha256_hex(weights.bytes()));
}

TEST_CASE("a mapped model is converted like any other", "[zoo][packed]") {
    using Model = BertForMaskedLM<small_bert>;
    const test::TempFolder folder;
    const std::filesystem::path file = folder.path() / "packed.safetensors";
    const Model model = Model{}.random_init(9);
    model.save_packed(file);
    CHECK(logits(Model{}.from_pretrained(file).to<i8>()) == logits(model.to<i8>()));
}

TEST_CASE("packed files that do not fit are refused with every fault", "[zoo][packed]") {
    using Model = BertForMaskedLM<small_bert>;
    const test::TempFolder folder;
    const std::filesystem::path file = folder.path() / "packed.safetensors";
    Model model = Model{}.random_init(11);
    const std::vector<float> before = logits(model);
    model.save_packed(file);
    const std::string first{params<Model>[0].name};
    const auto refuses = [&](const std::filesystem::path& path, const std::string& message) {
        CHECK_THROWS_WITH(model.from_pretrained(path),
                          Contains(path.string()) && Contains(message));
        CHECK(logits(model) == before);
    };

    // Another class, config or precision.
    CHECK_THROWS_WITH(
        BertForSequenceClassification<small_bert>{}.from_pretrained(file),
        Contains("packed weights of 'BertForMaskedLM', expected 'BertForSequenceClassification'"));
    constexpr BertConfig other = [] {
        BertConfig config = small_bert;
        config.num_hidden_layers = 1;
        return config;
    }();
    CHECK_THROWS_WITH((BertForMaskedLM<other>{}.from_pretrained(file)),
                      Contains("num_hidden_layers"));
    CHECK_THROWS_WITH((BertForMaskedLM<small_bert, i8>{}.from_pretrained(file)),
                      Contains("layout: 'bert.encoder.layer.0.attention.self.query.weight': the "
                               "file has f32 in panels of ") &&
                          Contains("expected i8 in panels of ") &&
                          Contains("pack the original weights again"));

    // Metadata.
    using Tensors = std::vector<io::NamedTensor>;
    const auto metadata = [&](const char* key, const char* value) {
        return changed(file, "metadata.safetensors",
                       [&](io::Metadata& facts, Tensors&, std::size_t&) { facts[key] = value; });
    };
    refuses(metadata("version", "2"), "is a packed checkpoint of version '2'");
    refuses(metadata("class", "Bert"), "holds packed weights of 'Bert'");
    refuses(metadata("config", "{\"hidden_size\": "), "its config");
    refuses(metadata("layouts", "[]"), "'layouts' of the metadata");
    refuses(metadata("layouts", "{}"), "'" + first + "': the file has an unnamed layout");
    for (const char* key : {"version", "class", "config", "layouts"})
        refuses(changed(file, "lacks.safetensors",
                        [&](io::Metadata& facts, Tensors&, std::size_t&) { facts.erase(key); }),
                std::string{"has no '"} + key + "'");
    const auto layouts =
        changed(file, "layout.safetensors", [&](io::Metadata& facts, Tensors&, std::size_t&) {
            std::string& text = facts["layouts"];
            for (std::size_t at = 0; (at = text.find("panels of ", at)) != std::string::npos;)
                text.replace(at, 10, "strips of ");
        });
    refuses(layouts, "the file has f32 in strips of ");

    // Tensors.
    refuses(changed(file, "missing.safetensors",
                    [&](io::Metadata&, Tensors& tensors, std::size_t&) {
                        std::erase_if(tensors, [&](const auto& t) { return t.name == first; });
                    }),
            "missing: '" + first + "'");
    refuses(changed(file, "unexpected.safetensors",
                    [&](io::Metadata&, Tensors& tensors, std::size_t&) {
                        tensors.push_back(tensors.front());
                        tensors.back().name = "stranger";
                    }),
            "unexpected: 'stranger'");
    refuses(changed(file, "short.safetensors",
                    [&](io::Metadata&, Tensors& tensors, std::size_t&) {
                        for (io::NamedTensor& tensor : tensors)
                            if (tensor.name == first) {
                                tensor.bytes = tensor.bytes.first(tensor.bytes.size() - 64);
                                tensor.shape = {tensor.bytes.size()};
                            }
                    }),
            "size: '" + first + "'");
    refuses(changed(file, "typed.safetensors",
                    [&](io::Metadata&, Tensors& tensors, std::size_t&) {
                        for (io::NamedTensor& tensor : tensors)
                            if (tensor.name == first)
                                tensor.dtype = Dtype::i8;
                    }),
            "of I8, expected ");
    std::size_t misaligned = 0;
    for (std::size_t more = 0; more < 64; more += 8) {
        const auto path = changed(file, "moved.safetensors",
                                  [&](io::Metadata& facts, Tensors&, std::size_t& alignment) {
                                      facts["more"] = std::string(more, '.');
                                      alignment = 8;
                                  });
        try {
            static_cast<void>(Model{}.from_pretrained(path));
        } catch (const WeightsError& error) {
            CHECK_THAT(error.what(), Contains("does not begin on a cache line"));
            ++misaligned;
        }
    }
    CHECK(misaligned == 7);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    refuses(file, "is 1 byte short");
}

TEST_CASE("packed weights in memory are refused: nothing would keep them there", "[zoo][packed]") {
    using Model = BertForMaskedLM<small_bert>;
    const test::TempFolder folder;
    const std::filesystem::path file = folder.path() / "packed.safetensors";
    Model{}.random_init(13).save_packed(file);
    const io::MappedFile bytes{file};
    CHECK_THROWS_WITH(Model{}.from_span(bytes.bytes()), Contains("load them from a file"));
}
