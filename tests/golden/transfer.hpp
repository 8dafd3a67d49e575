// Compares what checkpoints of some classes leave open in others, and hold beyond them, with the
// oracle: golden.json has, for each "CLASS -> CLASS", the missing and the unexpected keys.
#pragma once

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "support.hpp"
#include "temp_folder.hpp"
#include "xzoo/core/load_report.hpp"

namespace xzoo::golden {

inline std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

inline std::vector<std::string> sorted_strings(const boost::json::value& list) {
    std::vector<std::string> names;
    for (const boost::json::value& name : list.as_array())
        names.emplace_back(name.as_string());
    return sorted(std::move(names));
}

/// Loads a checkpoint into Model and compares the report, if Model is the class asked for.
template <class Model>
bool transfers(const std::string& target, const std::filesystem::path& checkpoint,
               const boost::json::value& expected) {
    if (target != Model::class_name)
        return false;
    const Model model = Model{}.from_pretrained(checkpoint, false);
    const LoadReport& report = model.load_report();
    CHECK(sorted(report.missing) == sorted_strings(expected.at("missing_keys")));
    CHECK(sorted(report.unexpected) == sorted_strings(expected.at("unexpected_keys")));
    CHECK(report.mismatched.size() == expected.at("mismatched_keys").as_array().size());
    return true;
}

/// All pairs of golden.json; Models has the type of each folder.
template <class... Models>
void run_transfer(const std::filesystem::path& folder) {
    const boost::json::value golden = boost::json::parse(test::read_file(folder / "golden.json"));
    for (const auto& [key, expected] : golden.as_object()) {
        const std::string pair{key};
        const std::string arrow = " -> ";
        const std::size_t at = pair.find(arrow);
        INFO(pair);
        REQUIRE(at != std::string::npos);
        const std::string target = pair.substr(at + arrow.size());
        CHECK((transfers<Models>(target, folder / pair.substr(0, at), expected) || ...));
    }
}

}  // namespace xzoo::golden

/// Defines the test of one folder: its name, its path, a model type for each class in it.
#define XZOO_TRANSFER_CASE(name, folder, ...)                                 \
    TEST_CASE("golden: " #name " equals the oracle", "[golden][" #name "]") { \
        xzoo::golden::run_transfer<__VA_ARGS__>(folder);                      \
    }
