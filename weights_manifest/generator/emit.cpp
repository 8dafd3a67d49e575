#include "weights_manifest/generator/emit.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "weights_manifest/generator/cpp_text.hpp"

namespace xzoo::generator {

namespace fs = std::filesystem;

namespace {

std::string joined(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ", ") + item;
    return text;
}

/// A literal of text of many lines: raw where it may be, so that it can be read.
std::string long_string(const std::string& text) {
    const bool raw = std::all_of(text.begin(), text.end(),
                                 [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
    return raw && text.find(")json\"") == std::string::npos ? "R\"json(" + text + ")json\""
                                                            : cpp_string(text);
}

template <class Items, class Text>
std::string constexpr_array(std::string_view type, std::string_view name, const Items& items,
                            Text text) {
    if (items.empty())
        return {};
    std::string out = "    static constexpr std::array<" + std::string{type} + ", " +
                      std::to_string(items.size()) + "> " + std::string{name} + "{{\n";
    for (const auto& item : items)
        out += "        {" + text(item) + "},\n";
    return out + "    }};\n";
}

std::string file_text(const FileFacts& file) {
    return cpp_string(file.path) + ", " + std::to_string(file.size) +
           (file.sha256.empty() ? ", " : ",\n         ") + cpp_string(file.sha256);
}

std::string tensor_text(const TensorFacts& tensor) {
    std::string dims;
    for (std::size_t i = 0; i < tensor.shape.rank; ++i)
        dims += (i == 0 ? "" : ", ") + std::to_string(tensor.shape[i]);
    std::string dtype;
    for (const char c : name(tensor.dtype))
        dtype += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return cpp_string(tensor.name) + ", Dtype::" + (dtype == "bool" ? "boolean" : dtype) +
           ", Shape{" + dims + '}';
}

std::string metric_text(const MetricFacts& metric) {
    return cpp_string(metric.name) + ", " + cpp_string(metric.value) + ", " +
           cpp_string(metric.condition);
}

std::string member(std::string_view name, const std::string& value) {
    return "        ." + std::string{name} + " = " + value + ",\n";
}

std::string entry_members(const Family& family, std::string_view enumeration, const Entry& entry) {
    const auto list = [](const auto& items, const char* name) {
        return std::string{items.empty() ? "{}" : name};
    };
    return member("name", cpp_string(entry.name)) + member("enumeration", cpp_string(enumeration)) +
           member("model_type", cpp_string(family.model_type)) +
           member("architecture", cpp_string(entry.architecture)) +
           member("repository", cpp_string(entry.repository)) +
           member("revision", cpp_string(entry.revision)) +
           member("license", cpp_string(entry.license)) +
           member("source", cpp_string(entry.source)) +
           member("config", long_string(entry.config_json)) +
           member("files", list(entry.files, "files")) +
           member("tensors", list(entry.tensors, "tensors")) +
           member("metrics", list(entry.metrics, "metrics")) +
           member("num_parameters", std::to_string(entry.num_parameters)) +
           member("unverified", cpp_string(joined(entry.unverified)));
}

std::string entry_text(const Manifest& manifest, const Entry& entry) {
    const std::string enumeration{manifest.family->enumeration};
    return "template <>\nstruct Weights<" + enumeration + "::" + entry.name + "> {\n" +
           entry_body(*manifest.family, enumeration, "model", entry) + "};\n\n";
}

/// Entries may be called like configs; GCC 12 takes a scoped enumerator for one that hides them.
std::string enum_text(const Manifest& manifest) {
    std::string text =
        "#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wshadow\"\n"
        "enum class " +
        std::string{manifest.family->enumeration} + " : std::uint16_t {\n";
    for (const Entry& entry : manifest.entries)
        text += "    " + entry.name + ",  // " +
                (entry.repository.empty() ? "comes with xzoo" : entry.repository) + '\n';
    if (!manifest.default_name.empty())
        text += "    default_ = " + manifest.default_name + ",\n";
    return text + "};\n#pragma GCC diagnostic pop\n\n";
}

std::string table_text(const Manifest& manifest) {
    const Family& family = *manifest.family;
    const std::string enumeration{family.enumeration};
    const std::string size = std::to_string(manifest.entries.size());
    std::string entries;
    std::string configs;
    for (const Entry& entry : manifest.entries) {
        const std::string weights = "Weights<" + enumeration + "::" + entry.name + '>';
        entries += "        &" + weights + "::entry,\n";
        configs += "        " + weights + "::config,\n";
    }
    const auto braces = [](const std::string& items) {
        return items.empty() ? "{};\n" : "{\n" + items + "    };\n";
    };
    return "template <>\nstruct WeightsTable<" + enumeration +
           "> {\n    static constexpr std::array<const WeightEntry*, " + size + "> entries" +
           braces(entries) + "    static constexpr std::array<" + std::string{family.config_type} +
           ", " + size + "> configs" + braces(configs) +
           "    static constexpr WeightsFamily family{" + cpp_string(enumeration) + ", entries, " +
           cpp_string(manifest.default_name) + "};\n};\n\n" + "template <>\nstruct WeightsOf<" +
           std::string{family.config_type} + "> {\n    using type = " + enumeration + ";\n};\n\n";
}

std::string include(const std::string& path) {
    return "#include \"" + path + "\"\n";
}

}  // namespace

std::string family_header(const Manifest& manifest) {
    const Family& family = *manifest.family;
    const std::string file{family.file};
    std::string text =
        "// Generated from weights_manifest/" + file +
        ".json; do not edit.\n#pragma once\n\n#include <array>\n#include <cstdint>\n\n" +
        include("xzoo/core/weights.hpp") + include("zoo/" + file + ".hpp") +
        "\nnamespace xzoo {\n\n/// Checkpoints of the " + std::string{family.model_type} +
        " family that the weights manifest knows.\n" + enum_text(manifest);
    for (const Entry& entry : manifest.entries)
        text += entry_text(manifest, entry);
    return text + table_text(manifest) + "}  // namespace xzoo\n";
}

std::string umbrella_header(std::span<const Manifest> manifests) {
    std::string includes;
    std::string families;
    for (const Manifest& manifest : manifests) {
        includes += include("xzoo/weights/" + std::string{manifest.family->file} + ".hpp");
        families +=
            "    WeightsTable<" + std::string{manifest.family->enumeration} + ">::family,\n";
    }
    return "// Generated from weights_manifest/*.json; do not edit.\n#pragma once\n\n"
           "#include <array>\n#include <string_view>\n\n" +
           include("xzoo/core/weights.hpp") + includes +
           "\nnamespace xzoo {\n\n/// All entries of the weights manifest.\n"
           "inline constexpr std::array<WeightsFamily, " +
           std::to_string(manifests.size()) + "> weights_families{{\n" + families +
           "}};\n\n"
           "/// The entry of a name: of its enumerator (\"base_uncased\", or "
           "\"BertWeights::base_uncased\"\n"
           "/// where several families have such a name) or of its repository on the hub.\n"
           "/// Errors  ArgumentError: no entry or several have that name; says which are near.\n"
           "inline const WeightEntry& find_weights(std::string_view name) {\n"
           "    return detail::find_weights(name, weights_families);\n}\n\n"
           "}  // namespace xzoo\n";
}

std::string entry_body(const Family& family, std::string_view enumeration,
                       std::string_view model_alias, const Entry& entry) {
    const bool verifiable = entry.verifiable();
    return "    static constexpr " + std::string{family.config_type} + " config" +
           entry.config_braces + ";\n    using " + std::string{model_alias} + " = " + entry.model +
           "<config>;\n\n" + constexpr_array("WeightFile", "files", entry.files, file_text) +
           constexpr_array("TensorRecord", "tensors", entry.tensors, tensor_text) +
           constexpr_array("Metric", "metrics", entry.metrics, metric_text) +
           "    static constexpr " +
           (verifiable ? "WeightEntry entry{\n" : "UnverifiedWeightEntry entry{{\n") +
           entry_members(family, enumeration, entry) + (verifiable ? "    };\n" : "    }};\n");
}

void write_file(const fs::path& path, const std::string& text) {
    if (std::ifstream old{path, std::ios::binary}) {
        const std::string before{std::istreambuf_iterator<char>{old},
                                 std::istreambuf_iterator<char>{}};
        if (before == text)
            return;
    }
    if (path.has_parent_path())
        fs::create_directories(path.parent_path());
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (!file)
        throw FileError{path.string(), "cannot be written"};
}

}  // namespace xzoo::generator
