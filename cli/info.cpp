// xzoo info
#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/embedded.hpp"
#include "cli/entries.hpp"
#include "cli/json_line.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/shape.hpp"

namespace xzoo::cli {

namespace {

/// JSON that was laid out on several lines (strings hold no line breaks) on one line.
std::string on_one_line(std::string_view json) {
    std::string line;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] != '\n') {
            line += json[i];
            continue;
        }
        while (i + 1 < json.size() && json[i + 1] == ' ')
            ++i;
        if (line.ends_with(','))
            line += ' ';
    }
    return line;
}

/// Lines with two more spaces in front.
std::string indented(std::string_view text) {
    std::string lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines += "  " + std::string{text.substr(at, end - at)} + '\n';
        at = end + 1;
    }
    return lines;
}

template <class Items, class Text>
std::string json_list(const Items& items, Text text) {
    std::string list = "[";
    for (const auto& item : items)
        list += (list.size() == 1 ? "" : ", ") + text(item);
    return list + ']';
}

std::string file_json(const WeightEntry& entry, const WeightFile& file,
                      const std::filesystem::path& directory) {
    JsonObject object;
    object.add("path", file.path);
    if (file.size > 0)
        object.add("size", file.size);
    object.add_known("sha256", file.sha256);
    if (const auto place = find_file(entry, file, directory))
        object.add("found", place->string());
    object.add("embedded", is_embedded(entry.name, file.path));
    return object.text();
}

std::string tensor_json(const TensorRecord& tensor) {
    std::string shape = "[";
    for (std::size_t i = 0; i < tensor.shape.rank; ++i)
        shape += (i == 0 ? "" : ", ") + std::to_string(tensor.shape[i]);
    return JsonObject{}
        .add("name", tensor.name)
        .add("dtype", name(tensor.dtype))
        .add_json("shape", shape + ']')
        .text();
}

void print_json(const WeightEntry& entry, const std::filesystem::path& directory) {
    JsonObject object;
    object.add("name", full_name(entry))
        .add("family", entry.model_type)
        .add("class", entry.architecture)
        .add_known("repository", entry.repository)
        .add_known("revision", entry.revision)
        .add_known("license", entry.license)
        .add_known("source", entry.source);
    if (entry.num_parameters > 0)
        object.add("num_parameters", entry.num_parameters);
    object.add_json("config", entry.config.empty() ? "{}" : on_one_line(entry.config));
    object.add_json("files", json_list(entry.files, [&](const WeightFile& file) {
                        return file_json(entry, file, directory);
                    }));
    object.add_json("tensors", json_list(entry.tensors, tensor_json));
    object.add_json("metrics", json_list(entry.metrics, [](const Metric& metric) {
                        return JsonObject{}
                            .add("name", metric.name)
                            .add("value", metric.value)
                            .add_known("condition", metric.condition)
                            .text();
                    }));
    object.add("unverified", entry.unverified);
    std::cout << object.text() << '\n';
}

void print_fact(std::string_view what, std::string_view value) {
    constexpr std::size_t width = 14;
    if (!value.empty())
        std::cout << pad_right(what, width) << value << '\n';
}

void print_files(const WeightEntry& entry, const std::filesystem::path& directory) {
    std::cout << "\nFiles\n";
    for (const WeightFile& file : entry.files) {
        const auto place = find_file(entry, file, directory);
        const bool embedded = is_embedded(entry.name, file.path);
        std::cout << "  " << file.path << '\n'
                  << "    size     "
                  << (file.size > 0 ? grouped(file.size) + " bytes" : std::string{"not known"})
                  << "\n    sha256   " << (file.sha256.empty() ? "not known" : file.sha256)
                  << "\n    here     "
                  << (place      ? place->string()
                      : embedded ? "in this program"
                                 : "no")
                  << '\n';
    }
}

void print_text(const WeightEntry& entry, const std::filesystem::path& directory) {
    print_fact("name", full_name(entry));
    print_fact("family", entry.model_type);
    print_fact("class", entry.architecture);
    print_fact("repository",
               entry.repository.empty() ? "none: it comes with xzoo" : entry.repository);
    print_fact("revision", entry.revision);
    print_fact("licence", entry.license.empty() ? "not known" : entry.license);
    print_fact("source", entry.source);
    if (entry.num_parameters > 0)
        print_fact("parameters", grouped(entry.num_parameters));
    print_fact("not verified", entry.unverified);
    print_files(entry, directory);
    std::cout << "\nConfig\n" << indented(entry.config);
    if (!entry.metrics.empty())
        std::cout << "\nMetrics\n";
    for (const Metric& metric : entry.metrics)
        std::cout << "  " << metric.name << " = " << metric.value
                  << (metric.condition.empty() ? "" : "  (" + std::string{metric.condition} + ')')
                  << '\n';
    if (!entry.tensors.empty())
        std::cout << "\nTensors\n";
    for (const TensorRecord& tensor : entry.tensors)
        std::cout << "  " << tensor.name << "  " << name(tensor.dtype) << ' '
                  << to_string(tensor.shape) << '\n';
}

}  // namespace

int run(const InfoOptions& options) {
    const WeightEntry& entry = find_entry(options.name);
    if (options.json)
        print_json(entry, options.directory);
    else
        print_text(entry, options.directory);
    return exit_ok;
}

}  // namespace xzoo::cli
