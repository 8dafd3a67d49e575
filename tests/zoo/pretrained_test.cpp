// The mixin with real model types: loading, transfer between heads, saving, errors.
#include "xzoo/pretrained.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "no_hub_cache.hpp"
#include "support.hpp"
#include "temp_folder.hpp"
#include "zoo/bert.hpp"

using namespace xzoo;

namespace {

// the oracle's models of golden_api/transfer
constexpr BertConfig small{.vocab_size = 157,
                           .hidden_size = 48,
                           .num_hidden_layers = 3,
                           .num_attention_heads = 4,
                           .intermediate_size = 112,
                           .max_position_embeddings = 40,
                           .num_labels = 3};

std::set<std::string> as_set(const boost::json::value& keys) {
    std::set<std::string> set;
    for (const auto& key : keys.as_array())
        set.emplace(key.as_string());
    return set;
}
std::set<std::string> as_set(const std::vector<std::string>& keys) {
    return {keys.begin(), keys.end()};
}

template <class Target>
void check_transfer(const boost::json::object& oracle, const std::filesystem::path& saved,
                    const std::string& source) {
    const std::string pair = source + " -> " + Target::class_name;
    INFO(pair);
    const boost::json::object& expected = oracle.at(pair).as_object();
    const auto model = Target{}.from_pretrained(saved / source, false);
    const LoadReport& report = model.load_report();
    CHECK(as_set(report.missing) == as_set(expected.at("missing_keys")));
    CHECK(as_set(report.unexpected) == as_set(expected.at("unexpected_keys")));
    CHECK(report.mismatched.empty());
}

template <class... Classes>
void check_all_transfers(const boost::json::object& oracle, const std::filesystem::path& saved) {
    std::size_t pairs = 0;
    const auto into_all = [&]<class Source>() {
        Source{}.random_init(3).save_pretrained(saved / Source::class_name);
        (check_transfer<Classes>(oracle, saved, Source::class_name), ...);
        pairs += sizeof...(Classes);
    };
    (into_all.template operator()<Classes>(), ...);
    CHECK(pairs == oracle.size());
}

template <class Model>
bool same_values(const Model& a, const Model& b) {
    return std::all_of(params<Model>.begin(), params<Model>.end(), [&](const ParamInfo& param) {
        const auto x = a.parameter(param.name);
        const auto y = b.parameter(param.name);
        return x.shape() == y.shape() &&
               std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
    });
}

xt::xtensor<std::uint32_t, 2> some_ids() {
    return {{5, 7, 11, 13, 2}, {3, 1, 4, 1, 5}};
}

template <class Error, class Action>
std::string message_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    FAIL("nothing was thrown");
    return {};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("all 25 pairs of BERT classes report the oracle's missing and unexpected keys",
          "[zoo][pretrained]") {
    const test::TempFolder folder;
    const std::string text = io::read_text((test::data_dir() / "transfer/golden.json").string());
    check_all_transfers<BertForMaskedLM<small>, BertForPreTraining<small>,
                        BertForQuestionAnswering<small>, BertForSequenceClassification<small>,
                        Bert<small>>(boost::json::parse(text).as_object(), folder.path());
}

TEST_CASE("what is saved loads bit for bit, in one file and in shards", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto model = BertForMaskedLM<small>{}.random_init(7);
    model.save_pretrained(folder.path());
    CHECK(std::filesystem::exists(folder.path() / "model.safetensors"));
    CHECK(same_values(model, BertForMaskedLM<small>{}.from_pretrained(folder.path())));

    model.save_pretrained(folder.path(), {.max_shard_size = "40KB"});
    CHECK(std::filesystem::exists(folder.path() / "model.safetensors.index.json"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "model.safetensors"));
    CHECK(same_values(model, BertForMaskedLM<small>{}.from_pretrained(folder.path())));
}

TEST_CASE("a sharded checkpoint loads by its index alone", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto saved = Bert<small>{}.random_init(7);
    saved.save_pretrained(folder.path());
    BertForQuestionAnswering<small> model;
    CHECK(contains(
        message_of<FileError>([&] { load_sharded_checkpoint(model, folder.path(), false); }),
        "model.safetensors.index.json: is not there"));
    saved.save_pretrained(folder.path(), {.max_shard_size = "40KB"});
    std::filesystem::remove(folder / "config.json");
    CHECK(contains(message_of<WeightsError>([&] { load_sharded_checkpoint(model, folder.path()); }),
                   "qa_outputs.weight"));
    CHECK_FALSE(model.has_weights());
    const LoadReport& report = load_sharded_checkpoint(model, folder.path(), false);
    CHECK(report.missing == std::vector<std::string>{"qa_outputs.weight", "qa_outputs.bias"});
    CHECK(report.loaded + 2 == params<BertForQuestionAnswering<small>>.size());
    Bert<small> same;
    CHECK(load_sharded_checkpoint(same, folder.path()).complete());
    CHECK(same_values(saved, same));
}

TEST_CASE("a model saved in bfloat16 or half loads with the rounded values", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto model = Bert<small>{}.random_init(7);
    for (const Dtype dtype : {Dtype::bf16, Dtype::f16}) {
        model.save_pretrained(folder.path(), {.dtype = dtype});
        const auto loaded = Bert<small>{}.from_pretrained(folder.path());
        CHECK(loaded.load_report().cast.size() == params<Bert<small>>.size());
        const auto before = model.parameter("encoder.layer.1.output.dense.weight");
        const auto after = loaded.parameter("encoder.layer.1.output.dense.weight");
        // half the spacing of numbers: 2^-25 among subnormal halves, else relative
        test::require_close({after.data(), after.size()}, {before.data(), before.size()}, 2.99e-8,
                            dtype == Dtype::bf16 ? 1.0 / 256 : 1.0 / 2048);
        CHECK_FALSE(same_values(model, loaded));
        loaded.save_pretrained(folder.path(), {.dtype = dtype});
        CHECK(same_values(loaded, Bert<small>{}.from_pretrained(folder.path())));
    }
}

TEST_CASE("a config.json that differs is one error with every field", "[zoo][pretrained]") {
    const test::TempFolder folder;
    Bert<small>{}.random_init(1).save_pretrained(folder.path());
    constexpr BertConfig other{.vocab_size = 158,
                               .hidden_size = 48,
                               .num_hidden_layers = 3,
                               .num_attention_heads = 4,
                               .intermediate_size = 112,
                               .max_position_embeddings = 40,
                               .layer_norm_eps = 1e-5F};
    Bert<other> model;
    const std::string message =
        message_of<ConfigError>([&] { model.from_pretrained(folder.path()); });
    CHECK(contains(message, "vocab_size: the file has 157, the type has 158"));
    CHECK(contains(message, "layer_norm_eps"));
    CHECK(contains(message, "config.json"));
    CHECK_FALSE(model.has_weights());
}

TEST_CASE("a load that fails leaves the model as it was", "[zoo][pretrained]") {
    const test::TempFolder folder;
    auto model = BertForSequenceClassification<small>{}.random_init(5);
    const auto before = model({.input_ids = some_ids()}).logits;
    Bert<small>{}.random_init(9).save_pretrained(folder.path());
    const std::string message =
        message_of<WeightsError>([&] { model.from_pretrained(folder.path()); });
    CHECK(contains(message, "classifier.weight"));
    CHECK(contains(message, "strict = false"));
    CHECK((model({.input_ids = some_ids()}).logits == before));
    model.from_pretrained(folder.path(), false);
    CHECK(model.load_report().missing ==
          std::vector<std::string>{"classifier.weight", "classifier.bias"});
}

TEST_CASE("strict loads refuse tensors that no class of the family has", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto model = Bert<small>{}.random_init(1);
    std::vector<io::NamedTensor> tensors;
    std::vector<xt::xarray<float>> values;
    for (const ParamInfo& param : params<Bert<small>>)
        values.push_back(model.parameter(param.name));
    for (std::size_t i = 0; i < values.size(); ++i)
        tensors.push_back({.name = std::string{params<Bert<small>>[i].name},
                           .shape = {values[i].shape().begin(), values[i].shape().end()},
                           .bytes = std::as_bytes(std::span{values[i].data(), values[i].size()})});
    const float extra = 1.0F;
    tensors.push_back({.name = "cls.predictions.bias",  // of a head: no mistake
                       .shape = {1},
                       .bytes = std::as_bytes(std::span{&extra, 1})});
    io::write_safetensors(folder.path() / "model.safetensors", tensors, {{"format", "pt"}});
    CHECK(Bert<small>{}.from_pretrained(folder.path()).load_report().unexpected.size() == 1);

    tensors.back().name = "encoder.layer.3.output.dense.bias";
    io::write_safetensors(folder.path() / "model.safetensors", tensors, {{"format", "pt"}});
    const std::string message =
        message_of<WeightsError>([&] { Bert<small>{}.from_pretrained(folder.path()); });
    CHECK(contains(message, "encoder.layer.3.output.dense.bias"));
    CHECK(Bert<small>{}.from_pretrained(folder.path(), false).load_report().loaded ==
          params<Bert<small>>.size());
}

TEST_CASE("weights load from memory, with and without a config", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto model = Bert<small>{}.random_init(1);
    model.save_pretrained(folder.path());
    const io::MappedFile file{folder.path() / "model.safetensors"};
    const std::string config = io::read_text((folder.path() / "config.json").string());
    CHECK(same_values(model, Bert<small>{}.from_span(file.bytes(), config)));
    const auto without = Bert<small>{}.from_span(file.bytes());
    CHECK(without.load_report().notes.size() == 1);
}

TEST_CASE("a config.json keeps what the type does not know", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const auto model = BertForSequenceClassification<small>{}.random_init(1);
    model.save_pretrained(folder.path());
    const std::filesystem::path path = folder.path() / "config.json";
    auto json = boost::json::parse(io::read_text(path.string())).as_object();
    json["hidden_dropout_prob"] = 0.25;
    json["id2label"] = {{"0", "no"}, {"1", "yes"}, {"2", "maybe"}};
    io::write_file(path, boost::json::serialize(json));
    const auto loaded = BertForSequenceClassification<small>{}.from_pretrained(folder.path());
    CHECK(loaded.labels() == std::vector<std::string>{"no", "yes", "maybe"});
    loaded.save_pretrained(folder.path());
    const auto saved = boost::json::parse(io::read_text(path.string())).as_object();
    CHECK(saved.at("hidden_dropout_prob").as_double() == 0.25);
    CHECK(saved.at("id2label").at("2").as_string() == "maybe");
    CHECK(saved.at("architectures").at(0).as_string() == "BertForSequenceClassification");
}

TEST_CASE("a saved model has its own generation_config.json or none", "[zoo][pretrained]") {
    const test::TempFolder folder;
    const std::filesystem::path path = folder.path() / "generation_config.json";
    test::put_file(path, R"({"top_k": 3})");
    Bert<small>{}.random_init(1).save_pretrained(folder.path());
    CHECK_FALSE(std::filesystem::exists(path));
    test::put_file(path, R"({"top_k": 4})");
    Bert<small>{}.from_pretrained(folder.path()).save_pretrained(folder.path());
    CHECK(test::read_file(path) == R"({"top_k": 4})");
}

TEST_CASE("a model without weights says so instead of running", "[zoo][pretrained]") {
    const Bert<small> model;
    CHECK(contains(message_of<ArgumentError>([&] { model({.input_ids = some_ids()}); }),
                   "from_pretrained"));
    CHECK_FALSE(model.has_weights());
}

TEST_CASE("inputs that do not fit are named with what they had to be", "[zoo][pretrained]") {
    const auto model = Bert<small>{}.random_init(1);
    CHECK(contains(message_of<ArgumentError>([&] { model({.input_ids = {{157}}}); }), "157"));
    CHECK(contains(message_of<ArgumentError>([&] { model({.input_ids = {}}); }), "input_ids"));
    const xt::xtensor<std::uint32_t, 2> longer = xt::zeros<std::uint32_t>({1, 41});
    CHECK(contains(message_of<ArgumentError>([&] { model({.input_ids = longer}); }), "41"));
    const xt::xtensor<float, 2> mask = xt::ones<float>({2, 4});
    CHECK(contains(message_of<ArgumentError>(
                       [&] { model({.input_ids = some_ids(), .attention_mask = mask}); }),
                   "(2, 4)"));
}

TEST_CASE("copies share weights, and moved-from models stay whole", "[zoo][pretrained]") {
    auto model = Bert<small>{}.random_init(2);
    const auto expected = model({.input_ids = some_ids()}).pooler_output;
    const auto moved = std::move(model);
    const Bert<small> copy = moved;
    CHECK((copy({.input_ids = some_ids()}).pooler_output == expected));
    model.random_init(3);
    CHECK((moved({.input_ids = some_ids()}).pooler_output == expected));
}

TEST_CASE("one model runs in many threads at once", "[zoo][pretrained]") {
    const auto model = Bert<small>{}.random_init(2);
    const auto expected = model({.input_ids = some_ids()}).last_hidden_state;
    std::vector<int> equal(4, 0);
    std::vector<std::thread> threads;
    for (int& result : equal)
        threads.emplace_back([&model, &expected, &result] {
            Workspace workspace{1};
            Bert<small>::Output output;
            for (int i = 0; i < 20; ++i)
                model.forward({.input_ids = some_ids()}, workspace, output);
            result = output.last_hidden_state == expected ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(equal == std::vector<int>(4, 1));
}

TEST_CASE("an entry whose files are nowhere names each file, place and address",
          "[zoo][pretrained]") {
    const test::TempFolder folder;
    const test::NoHubCache no_cache;
    const std::string message = message_of<FileError>([&] {
        Bert<bert_base>{}.from_pretrained<BertWeights::base_uncased>({.directory = folder.path()});
    });
    CHECK(contains(message, "model.safetensors"));
    CHECK(contains(message, folder.path().string()));
    CHECK(contains(message, "google-bert/bert-base-uncased/resolve/"));
}
