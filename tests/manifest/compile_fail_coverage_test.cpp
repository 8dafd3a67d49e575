// Whether tests/compile_fail has a mistake for every rule and every field of every config. The
// families are those of the manifests; one that is built like others needs no file of its own.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/weights.hpp"

namespace {

using namespace xzoo;

std::filesystem::path compile_fail() {
    return test::data_dir().parent_path() / "compile_fail";
}

/// The texts that a file of compile-fail tests expects.
std::set<std::string> expected_texts(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::set<std::string> texts;
    const std::string mark = "// expect: ";
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(mark))
            texts.insert(line.substr(mark.size()));
    return texts;
}

/// Rules as "Config: ..." and fields as "'field' of the entry differs from the model's Config".
template <class Config>
std::vector<std::string> all_texts(const std::string& config_type) {
    std::vector<std::string> texts;
    const Config config{};
    visit_rules(config,
                [&](bool, const std::string& text, const auto&...) { texts.push_back(text); });
    visit_fields(config, [&](const std::string& field, const auto&) {
        texts.push_back('\'' + field + "' of the entry differs from the model's " + config_type);
    });
    return texts;
}

/// Without the name of a config: what families that are built alike have in common.
std::string without_config(std::string text) {
    const std::string ending = "Config";
    const std::size_t end = text.find(ending);
    if (end == std::string::npos)
        return text;
    std::size_t begin = end;
    while (begin > 0 && std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0)
        --begin;
    return text.erase(begin, end + ending.size() - begin);
}

/// Such texts of the file that tests a config with its kin, or of all files for a config that no
/// file names.
std::set<std::string> shared_texts(const std::string& config_type) {
    std::set<std::string> all;
    for (const auto& file : std::filesystem::directory_iterator{compile_fail()}) {
        std::set<std::string> texts;
        bool names_it = false;
        for (const std::string& text : expected_texts(file.path())) {
            names_it = names_it || text.find(' ' + config_type) != std::string::npos ||
                       text.starts_with(config_type);
            texts.insert(without_config(text));
        }
        if (names_it)
            return texts;
        all.merge(texts);
    }
    return all;
}

template <class Config>
void every_rule_and_field_is_tested(const std::string& family, const std::string& config_type) {
    const std::filesystem::path own = compile_fail() / ("config_" + family + ".cpp");
    const bool has_own = std::filesystem::exists(own);
    const std::set<std::string> expected =
        has_own ? expected_texts(own) : shared_texts(config_type);
    const std::vector<std::string> texts = all_texts<Config>(config_type);
    CHECK(texts.size() > 5);
    for (const std::string& text : texts) {
        INFO(family << ": " << text);
        const std::string searched = has_own ? text : without_config(text);
        const std::size_t least = has_own ? config_type.size() + 2 : 12;  // characters that say it
        CHECK(std::any_of(expected.begin(), expected.end(), [&](const std::string& known) {
            return known.size() > least && searched.starts_with(known);
        }));
    }
    if (has_own)
        CHECK(texts.size() == expected.size());
}

}  // namespace

TEST_CASE("every rule and every field of a config has a compile-fail test", "[manifest]") {
#define XZOO_FAMILY(Weights, Config, family) \
    every_rule_and_field_is_tested<Config>(#family, #Config);
#include "manifest_families.inc"  // a line each
#undef XZOO_FAMILY
}
