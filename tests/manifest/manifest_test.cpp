#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support.hpp"
#include "xzoo/core/weights.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/weights.hpp"

namespace {

using namespace xzoo;

template <BertConfig C>
struct Model {
    static constexpr BertConfig config = C;
    static constexpr const char* class_name = "BertModel";
};

std::vector<std::string> names(const std::vector<WeightEntry>& entries) {
    std::vector<std::string> list;
    for (const WeightEntry& entry : entries)
        list.emplace_back(entry.name);
    return list;
}

std::string failure(const char* name) {
    try {
        return "found " + std::string{find_weights(name).name};
    } catch (const ArgumentError& error) {
        return error.what();
    }
}

template <class Enum>
void configs_are_those_of_the_json() {
    using Table = WeightsTable<Enum>;
    for (std::size_t i = 0; i < Table::entries.size(); ++i) {
        const WeightEntry& entry = *Table::entries[i];
        INFO(entry.name);
        using Config = typename decltype(Table::configs)::value_type;
        const auto json = io::parse_object(entry.config, "entry");
        CHECK(io::read_config<Config>(json, "entry") == Table::configs[i]);
        CHECK(io::architectures(json) == std::vector<std::string>{std::string{entry.architecture}});
        CHECK(&weight_entry(static_cast<Enum>(i)) == &entry);
    }
}

}  // namespace

TEST_CASE("an entry's typed config is the one in its config.json", "[manifest]") {
#define XZOO_FAMILY(Weights, Config, family) configs_are_those_of_the_json<Weights>();
#include "manifest_families.inc"  // a line each
#undef XZOO_FAMILY
}

TEST_CASE("an enumerator leads to its entry, config and model at compile time", "[manifest]") {
    using Base = Weights<BertWeights::base_uncased>;
    STATIC_REQUIRE(Base::config == bert_base);
    STATIC_REQUIRE(std::is_same_v<Base::model, BertForMaskedLM<bert_base>>);
    STATIC_REQUIRE(BertWeights::default_ == BertWeights::base_uncased);
    STATIC_REQUIRE(weight_entry(BertWeights::base_uncased).repository ==
                   "google-bert/bert-base-uncased");
    STATIC_REQUIRE(std::is_same_v<decltype(Base::entry), const WeightEntry>);
    STATIC_REQUIRE(Weights<XlmRobertaWeights::bge_m3>::config == xlm_roberta_bge_m3);
    STATIC_REQUIRE(
        std::is_same_v<Weights<XlmRobertaWeights::bge_m3>::model, XlmRoberta<xlm_roberta_bge_m3>>);
    STATIC_REQUIRE(Weights<BertWeights::pre_train_base>::entry.num_parameters == 110'106'428);
}

TEST_CASE("an entry without a hash says so in its type", "[manifest]") {
    STATIC_REQUIRE(std::is_same_v<decltype(Weights<BertWeights::large_uncased>::entry),
                                  const UnverifiedWeightEntry>);
    for (const WeightsFamily& family : weights_families)
        for (const WeightEntry* entry : family.entries)
            CHECK(!entry->files.empty());
}

TEST_CASE("a number that is no enumerator is an error", "[manifest]") {
    CHECK_THROWS_AS(weight_entry(static_cast<MpnetWeights>(1)), ArgumentError);
    CHECK_THROWS_AS(weight_entry(static_cast<AlbertWeights>(0)), ArgumentError);
}

TEST_CASE("the entries that a type can load are listed", "[manifest]") {
    const auto base = names(list_available<Model<bert_base>>());
    CHECK(base == std::vector<std::string>{"base_uncased", "bge_base_en_v1_5", "e5_base_v2",
                                           "pre_train_base"});
    CHECK(names(list_available<Model<ms_marco_minilm_l6>>()) ==
          std::vector<std::string>{"all_minilm_l6_v2", "ms_marco_minilm_l6_v2"});
    CHECK(list_available<Model<bert_tiny>>().empty());
}

TEST_CASE("entries are found by name, qualified name, alias and repository", "[manifest]") {
    CHECK(find_weights("gte_small").repository == "thenlper/gte-small");
    CHECK(find_weights("BertWeights::base_uncased").enumeration == "BertWeights");
    CHECK(find_weights("DistilBertWeights::base_uncased").enumeration == "DistilBertWeights");
    CHECK(find_weights("RobertaWeights::default_").repository == "FacebookAI/roberta-base");
    CHECK(find_weights("BAAI/bge-m3").name == "bge_m3");
    CHECK(find_weights("language_id").repository.empty());
}

TEST_CASE("an unknown or ambiguous name lists what may have been meant", "[manifest]") {
    CHECK(failure("bert_large_uncased")
              .find("no entry is called 'bert_large_uncased'; near it are "
                    "BertWeights::large_uncased") != std::string::npos);
    CHECK(failure("BertWeights::e5_bas_v2").find("near it are BertWeights::e5_base_v2") !=
          std::string::npos);
    CHECK(failure("base").find("'base' can be any of RobertaWeights::base, "
                               "XlmRobertaWeights::base") != std::string::npos);
    CHECK(failure("").find("no entry is called ''") != std::string::npos);
    CHECK(failure("AlbertWeights::default_").find("no entry") != std::string::npos);
}

TEST_CASE("the embedded entry states what its files are", "[manifest]") {
    constexpr const WeightEntry& entry = Weights<BertWeights::language_id>::entry;
    STATIC_REQUIRE(entry.architecture == "BertForSequenceClassification");
    STATIC_REQUIRE(!entry.tensors.empty());
    for (const WeightFile& file : entry.files) {
        INFO(file.path);
        CHECK(file.size > 0);
        CHECK(file.sha256.size() == 64);
    }
    CHECK(std::is_sorted(entry.tensors.begin(), entry.tensors.end(),
                         [](const auto& a, const auto& b) { return a.name < b.name; }));
}

TEST_CASE("hub entries state the facts that are known, and no other", "[manifest]") {
    if (!test::has_shared("facts/hub_weights.json"))
        return;
    const auto path = (test::shared_dir() / "facts" / "hub_weights.json").string();
    const std::string text = "{\"facts\": " + io::read_text(path) + '}';
    const boost::json::object json = io::parse_object(text, path);
    std::map<std::string, const WeightEntry*> entries;
    std::set<std::string> model_types;
    for (const WeightsFamily& family : weights_families)
        for (const WeightEntry* entry : family.entries) {
            entries[std::string{entry->repository}] = entry;
            model_types.insert(std::string{entry->model_type});
        }
    std::size_t compared = 0;
    for (const boost::json::value& value : json.at("facts").as_array()) {
        const boost::json::object& fact = value.as_object();
        if (!model_types.contains(std::string{fact.at("model_type").as_string()}))
            continue;
        const std::string repository{fact.at("repo").as_string()};
        INFO(repository);
        REQUIRE(entries.contains(repository));
        const WeightEntry& entry = *entries[repository];
        CHECK(entry.revision == std::string_view{fact.at("revision").as_string()});
        CHECK(entry.license == std::string_view{fact.at("license").as_string()});
        const boost::json::array& files = fact.at("files").as_array();
        REQUIRE(entry.files.size() == files.size());
        for (std::size_t i = 0; i < files.size(); ++i) {
            const boost::json::object& file = files[i].as_object();
            CHECK(entry.files[i].path == std::string_view{file.at("path").as_string()});
            CHECK(entry.files[i].size ==
                  (file.at("size").is_null() ? 0 : file.at("size").to_number<std::uint64_t>()));
            CHECK(entry.files[i].sha256 == (file.at("sha256").is_null()
                                                ? std::string_view{}
                                                : std::string_view{file.at("sha256").as_string()}));
        }
        ++compared;
    }
    entries.erase("");                    // what comes with the project is in no list of the hub's,
    entries.erase("ChanLumerico/lucid");  // nor is this
    CHECK(compared == entries.size());
}
