#include "xzoo/io/load_plan.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/load.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;
using xzoo::LoadReport;
using xzoo::ParamInfo;
using xzoo::ParamKind;
using xzoo::Shape;
using xzoo::Tie;
using xzoo::io::Checkpoint;
using xzoo::io::LoadOptions;
using xzoo::io::LoadPlan;
using xzoo::io::ModelSchema;
using xzoo::test::as_bytes;
using xzoo::test::check_contains;
using xzoo::test::CountingTensor;
using xzoo::test::message_of;
using xzoo::test::named;

namespace {

/// A schema that owns its table.
struct Schema {
    std::vector<std::string> names;
    std::vector<ParamInfo> params;
    std::vector<Tie> ties;
    std::vector<std::string_view> ignored{"position_ids"};
    ModelSchema schema;

    Schema(std::string_view class_name, std::vector<std::pair<std::string, Shape>> rows,
           std::vector<Tie> tied = {}, bool is_base = false)
        : ties{std::move(tied)} {
        for (const auto& row : rows)
            names.push_back(row.first);
        for (std::size_t i = 0; i < rows.size(); ++i)
            params.push_back({names[i], rows[i].second,
                              rows[i].second.rank == 2 ? ParamKind::matrix : ParamKind::plain});
        schema = {class_name, "bert", is_base, params, ties, ignored};
    }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;
};

const std::vector<Tie> language_model_ties{
    {"cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"},
    {"cls.predictions.decoder.bias", "cls.predictions.bias"}};

/// The bytes of a safetensors file with these tensors.
std::string file_of(const std::vector<xzoo::io::NamedTensor>& tensors) {
    const xzoo::test::TempFolder folder;
    xzoo::io::write_safetensors(folder / "x.safetensors", tensors, {{"format", "pt"}});
    return xzoo::test::read_file(folder / "x.safetensors");
}
std::string file_of(const std::vector<CountingTensor>& tensors) {
    return file_of(named(tensors));
}

LoadPlan plan(const Schema& schema, const Checkpoint& file, const LoadOptions& options = {}) {
    return xzoo::io::plan_load(schema.schema, file, options);
}

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> strings(const json::value& list) {
    std::vector<std::string> result;
    for (const json::value& item : list.as_array())
        result.emplace_back(item.as_string());
    return result;
}

const LoadOptions lenient{.strict = false};

/// Tensors and schemas of the five classes, from headers.json: name -> shape for each class.
struct Transfer {
    std::map<std::string, std::vector<CountingTensor>> tensors;
    std::map<std::string, Schema> schemas;

    explicit Transfer(const fs::path& folder) {
        const json::value headers = json::parse(xzoo::test::read_file(folder / "headers.json"));
        for (const auto& [name, header] : headers.as_object()) {
            std::vector<std::pair<std::string, Shape>> rows;
            for (const auto& [key, dims] : header.as_object()) {
                Shape shape;
                std::vector<std::size_t> sizes;
                for (const json::value& dim : dims.as_array())
                    sizes.push_back(shape.dims[shape.rank++] = dim.to_number<std::size_t>());
                rows.emplace_back(std::string{key}, shape);
                tensors[std::string{name}].emplace_back(std::string{key}, sizes);
            }
            const bool has_lm_head = header.as_object().contains("cls.predictions.bias");
            schemas.try_emplace(std::string{name}, "Bert", rows,
                                has_lm_head ? language_model_ties : std::vector<Tie>{},
                                name == "BertModel");
        }
    }
};

void check_pair(const std::string& pair, const json::value& expected, const Transfer& transfer,
                const Checkpoint& file) {
    INFO(pair);
    const std::string target = pair.substr(pair.find(" -> ") + 4);
    const LoadReport report = plan(transfer.schemas.at(target), file, lenient).report;
    CHECK(sorted(report.missing) == sorted(strings(expected.at("missing_keys"))));
    CHECK(sorted(report.unexpected) == sorted(strings(expected.at("unexpected_keys"))));
    CHECK(report.mismatched.empty());
    CHECK(expected.at("mismatched_keys").as_array().empty());
}

}  // namespace

TEST_CASE("each class loads each other's checkpoint as transformers does", "[io][transfer]") {
    const fs::path folder = xzoo::test::data_dir() / "transfer";
    const Transfer transfer{folder};
    const json::value golden = json::parse(xzoo::test::read_file(folder / "golden.json"));
    CHECK(golden.as_object().size() == 25);
    for (const auto& [pair, expected] : golden.as_object()) {
        const std::string name{pair};
        const std::string bytes =
            file_of(named(transfer.tensors.at(name.substr(0, name.find(" -> ")))));
        check_pair(name, expected, transfer, Checkpoint::from_span(as_bytes(bytes), name));
    }
}

TEST_CASE("each class loads each other's files of the shared data", "[io][transfer]") {
    if (xzoo::test::shared_dir().empty()) {
        WARN("skipped: no shared reference data");
        return;
    }
    const fs::path folder = xzoo::test::shared_dir() / "golden_api" / "transfer";
    const Transfer transfer{xzoo::test::data_dir() / "transfer"};
    const json::value golden = json::parse(xzoo::test::read_file(folder / "golden.json"));
    for (const auto& [pair, expected] : golden.as_object()) {
        const std::string name{pair};
        const Checkpoint file = Checkpoint::open(folder / name.substr(0, name.find(" -> ")));
        check_pair(name, expected, transfer, file);
    }
}

TEST_CASE("a checkpoint that fits leaves nothing to report", "[io]") {
    const Schema schema{"Bert", {{"a.weight", {2, 3}}, {"a.bias", {2}}}};
    const std::string bytes = file_of({CountingTensor{"a.bias", {2}}, {"a.weight", {2, 3}}});
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
    const LoadPlan found = plan(schema, file);
    CHECK(found.report.complete());
    CHECK(found.report.loaded == 2);
    CHECK(found.report.notes.empty());
    CHECK(found.report.renamed.empty());
    REQUIRE(found.sources.size() == 2);
    CHECK(found.sources[0] == file.find("a.weight"));
    CHECK(found.sources[1] == file.find("a.bias"));
}

TEST_CASE("a strict load names all faults at once and suggests names", "[io]") {
    const Schema schema{"Bert",
                        {{"encoder.weight", {2, 3}}, {"encoder.bias", {2}}, {"norm.weight", {4}}}};
    const std::string bytes = file_of({CountingTensor{"module.encoder.weight", {2, 3}},
                                       {"encoder.bais", {2}},
                                       {"norm.weight", {5}},
                                       {"something.else", {1}}});
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "model.safetensors");
    const std::string text = message_of([&] { plan(schema, file); });
    check_contains(
        text, {"model.safetensors: does not fit Bert:",
               "missing: 'encoder.weight' (the file has 'module.encoder.weight')",
               "missing: 'encoder.bias' (the file has 'encoder.bais')",
               "mismatched: 'norm.weight': the file has (5), the model (4)",
               "unexpected: 'something.else'", "strict = false", "ignore_mismatched_sizes = true"});
    try {
        plan(schema, file);
    } catch (const xzoo::WeightsError& error) {
        CHECK(error.report().missing.size() == 2);
        CHECK(error.report().mismatched.at(0).in_file == std::vector<std::size_t>{5});
        CHECK(error.report().mismatched.at(0).in_model == std::vector<std::size_t>{4});
        CHECK(error.report().unexpected.size() == 3);
    }
    const std::string shapes = message_of([&] { plan(schema, file, lenient); });
    check_contains(shapes, {"norm.weight"});
    CHECK(shapes.find("missing") == std::string::npos);
    const LoadPlan found = plan(schema, file, {.strict = false, .ignore_mismatched_sizes = true});
    CHECK(found.sources == std::vector<const xzoo::io::TensorView*>(3, nullptr));
    CHECK(found.report.loaded == 0);
}

TEST_CASE("a bare model takes its part of a head's checkpoint without complaint", "[io]") {
    const Schema schema{"Bert", {{"norm.weight", {4}}}, {}, true};
    const std::string bytes = file_of({CountingTensor{"bert.norm.weight", {4}}, {"cls.bias", {3}}});
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
    const LoadPlan found = plan(schema, file);
    CHECK(found.sources[0] == file.find("bert.norm.weight"));
    CHECK(found.report.unexpected == std::vector<std::string>{"cls.bias"});
    CHECK(found.report.notes.size() == 1);
    const std::string other =
        file_of({CountingTensor{"bert.norm.weight", {4}}, {"bert.pooler.bias", {3}}});
    const Checkpoint inside = Checkpoint::from_span(as_bytes(other), "memory");
    check_contains(message_of([&] { plan(schema, inside); }), {"unexpected: 'bert.pooler.bias'"});
}

TEST_CASE("names from TensorFlow are renamed", "[io]") {
    const Schema schema{
        "BertModel", {{"LayerNorm.weight", {4}}, {"LayerNorm.bias", {4}}}, {}, true};
    const std::string bytes = file_of({CountingTensor{"bert.LayerNorm.gamma", {4}},
                                       {"bert.LayerNorm.beta", {4}},
                                       {"cls.LayerNorm.gamma", {4}}});
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
    const LoadPlan found = plan(schema, file);
    CHECK(found.sources[0] == file.find("bert.LayerNorm.gamma"));
    REQUIRE(found.report.renamed.size() == 2);
    CHECK(found.report.renamed[1].from == "bert.LayerNorm.beta");
    CHECK(found.report.renamed[1].to == "bert.LayerNorm.bias");
    CHECK(found.report.unexpected == std::vector<std::string>{"cls.LayerNorm.weight"});
    const std::string both = file_of({CountingTensor{"bert.LayerNorm.gamma", {4}},
                                      {"bert.LayerNorm.weight", {4}},
                                      {"bert.LayerNorm.bias", {4}}});
    const Checkpoint ambiguous = Checkpoint::from_span(as_bytes(both), "memory");
    check_contains(message_of([&] { plan(schema, ambiguous, lenient); }),
                   {"both 'bert.LayerNorm.weight' and 'bert.LayerNorm.gamma'"});
}

TEST_CASE("a tied tensor may be there under either name", "[io]") {
    const Schema schema{
        "BertForMaskedLM",
        {{"bert.embeddings.word_embeddings.weight", {3, 2}}, {"cls.predictions.bias", {3}}},
        language_model_ties};
    const CountingTensor words{"bert.embeddings.word_embeddings.weight", {3, 2}};
    const CountingTensor bias{"cls.predictions.bias", {3}};
    const std::string by_other = file_of({CountingTensor{"cls.predictions.decoder.weight", {3, 2}},
                                          {"cls.predictions.decoder.bias", {3}},
                                          {"bert.embeddings.position_ids", {1}}});
    const Checkpoint other = Checkpoint::from_span(as_bytes(by_other), "memory");
    const LoadPlan found = plan(schema, other);
    CHECK(found.sources[0] == other.find("cls.predictions.decoder.weight"));
    CHECK(found.report.tied.size() == 2);
    CHECK(found.report.renamed.size() == 2);
    CHECK(found.report.complete());

    const std::string same =
        file_of({words, bias, CountingTensor{"cls.predictions.decoder.bias", {3}}});
    const Checkpoint equal = Checkpoint::from_span(as_bytes(same), "memory");
    CHECK(plan(schema, equal).report.notes.empty());

    const std::string differs =
        file_of({words, bias, CountingTensor{"cls.predictions.decoder.bias", {3}, 7.0F}});
    const Checkpoint unequal = Checkpoint::from_span(as_bytes(differs), "memory");
    const LoadPlan chosen = plan(schema, unequal);
    CHECK(chosen.sources[1] == unequal.find("cls.predictions.bias"));
    REQUIRE(chosen.report.notes.size() == 1);
    check_contains(chosen.report.notes[0], {"decoder.bias", "differs"});
}

TEST_CASE("buffers that old checkpoints hold are ignored in silence", "[io]") {
    const Schema schema{"Bert", {{"bert.x.weight", {1}}}};
    const std::string bytes = file_of({CountingTensor{"bert.x.weight", {1}},
                                       {"bert.embeddings.position_ids", {1, 8}},
                                       {"bert.layer.0.rotary_emb.inv_freq", {4}}});
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
    CHECK(plan(schema, file).report.complete());
    const std::string near =
        file_of({CountingTensor{"bert.x.weight", {1}}, {"my_position_ids", {1}}});
    const Checkpoint other = Checkpoint::from_span(as_bytes(near), "memory");
    CHECK(plan(schema, other, lenient).report.unexpected.size() == 1);
}

TEST_CASE("types are cast where that is possible and refused where not", "[io]") {
    const Schema schema{"Bert", {{"a", {2}}, {"b", {2}}}};
    const std::string raw(8, '\0');
    std::vector<xzoo::io::NamedTensor> tensors{
        {"a", xzoo::Dtype::bf16, {2}, as_bytes(raw).first(4), {}},
        {"b", xzoo::Dtype::f32, {2}, as_bytes(raw), {}}};
    const std::string halves = file_of(tensors);
    const Checkpoint file = Checkpoint::from_span(as_bytes(halves), "memory");
    const LoadReport report = plan(schema, file).report;
    REQUIRE(report.cast.size() == 1);
    CHECK(report.cast[0].key == "a");
    CHECK(report.cast[0].from == xzoo::Dtype::bf16);
    CHECK(report.cast[0].to == xzoo::Dtype::f32);
    tensors[0].dtype = xzoo::Dtype::i16;
    const std::string integers = file_of(tensors);
    const Checkpoint bad = Checkpoint::from_span(as_bytes(integers), "memory");
    check_contains(message_of([&] { plan(schema, bad, lenient); }),
                   {"'a' is I16, which cannot be converted to F32"});
}

TEST_CASE("a file in the layout of another framework is refused", "[io]") {
    const Schema schema{"Bert", {{"a", {1}}}};
    for (const char* format : {"pt", "mlx", "tf", "flax", "x"}) {
        INFO(format);
        const std::string bytes = xzoo::test::safetensors_of(
            R"({"__metadata__":{"format":")" + std::string{format} +
                R"("},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
            "data");
        const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
        if (std::string_view{format} == "pt" || std::string_view{format} == "mlx")
            CHECK_NOTHROW(plan(schema, file));
        else
            check_contains(message_of([&] { plan(schema, file, lenient); }), {"format", format});
    }
}

TEST_CASE("a tensor that the index does not name is unexpected", "[io]") {
    const xzoo::test::TempFolder folder;
    xzoo::io::write_safetensors(folder / "model-00001-of-00002.safetensors", named({{"a", {1}}}));
    xzoo::io::write_safetensors(folder / "model-00002-of-00002.safetensors", named({{"b", {1}}}));
    xzoo::test::put_file(folder / "model.safetensors.index.json",
                         R"({"weight_map":{"a":"model-00001-of-00002.safetensors"}})");
    const Schema schema{"Bert", {{"a", {1}}}};
    const Checkpoint file = Checkpoint::open(folder.path());
    check_contains(message_of([&] { plan(schema, file); }), {"unexpected: 'b'"});
    CHECK(plan(schema, file, lenient).report.unexpected == std::vector<std::string>{"b"});
    CHECK(plan(schema, file, lenient).report.notes.size() == 1);
}

TEST_CASE("a file of another model is refused quickly", "[io]") {
    std::vector<std::pair<std::string, Shape>> rows;
    std::vector<CountingTensor> tensors;
    for (std::size_t i = 0; i < 5000; ++i) {
        rows.push_back({"encoder.layer." + std::to_string(i) + ".attention.output.weight", {1}});
        tensors.emplace_back("decoder.block." + std::to_string(i) + ".cross.attention.weight",
                             std::vector<std::size_t>{1});
    }
    const Schema schema{"Bert", rows};
    const std::string bytes = file_of(named(tensors));
    const Checkpoint file = Checkpoint::from_span(as_bytes(bytes), "memory");
    check_contains(message_of([&] { plan(schema, file); }),
                   {"missing: and 4000 more", "unexpected: and 4000 more"});
}
