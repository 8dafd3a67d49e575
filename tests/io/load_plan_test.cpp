#include "xzoo/io/load_plan.hpp"

#include <string>
#include <vector>

#include "plan_support.hpp"

using namespace xzoo;
using namespace xzoo::test;

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
