#include "weights_manifest/generator/facts.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "xzoo/io/json_reader.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/safe_path.hpp"
#include "xzoo/io/safetensors.hpp"
#include "xzoo/io/sha256.hpp"

namespace xzoo::generator {

namespace fs = std::filesystem;

namespace {

void refuse_repeated_keys(io::JsonReader& reader) {
    using Kind = io::JsonReader::Kind;
    if (reader.peek() == Kind::object) {
        std::set<std::string> keys;
        std::string key;
        reader.enter_object();
        while (reader.next_member(key)) {
            if (!keys.insert(key).second)
                throw io::JsonError{"key '" + key + "' is there twice, the second time",
                                    reader.position()};
            refuse_repeated_keys(reader);
        }
    } else if (reader.peek() == Kind::array) {
        reader.enter_array();
        while (reader.next_element())
            refuse_repeated_keys(reader);
    } else {
        reader.skip();
    }
}

void check_sha256(const Fields& file, const std::string& hash) {
    constexpr std::size_t digits = 64;
    if (hash.size() != digits)
        file.fail("'sha256': expected 64 hexadecimal digits, found " + std::to_string(hash.size()) +
                  " characters");
    if (hash.find_first_not_of("0123456789abcdef") != std::string::npos)
        file.fail("'sha256': expected lower-case hexadecimal digits, found \"" + hash + '"');
}

FileFacts measure(const Fields& file, const fs::path& path, std::string name) {
    if (file.has("size") || file.has("sha256"))
        file.fail("size and sha256 of a file in the entry's folder are measured: leave them out");
    const io::MappedFile mapped{path};
    return {std::move(name), mapped.bytes().size(), io::sha256_hex(mapped.bytes())};
}

Shape read_shape(const Fields& tensor) {
    const boost::json::array dims = tensor.list_or_empty("shape");
    if (!tensor.has("shape") || dims.size() > Shape::max_rank)
        tensor.wrong("shape", "a list of at most 4 sizes", dims);
    Shape shape;
    for (const boost::json::value& dim : dims) {
        if (!dim.is_int64() || dim.get_int64() < 0)
            tensor.wrong("shape", "sizes", dims);
        shape.dims[shape.rank++] = static_cast<std::size_t>(dim.get_int64());
    }
    return shape;
}

void sort_by_name(const std::string& where, std::vector<TensorFacts>& tensors) {
    std::sort(tensors.begin(), tensors.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    const auto twice =
        std::adjacent_find(tensors.begin(), tensors.end(),
                           [](const auto& a, const auto& b) { return a.name == b.name; });
    if (twice != tensors.end())
        throw ManifestError{where + ": tensor '" + twice->name + "' is there twice"};
}

std::string metric_value(const Fields& metric, const fs::path& folder) {
    if (!metric.has("file"))
        return metric.text("value");
    if (folder.empty())
        metric.fail("'file' needs an entry with a folder");
    const std::string name = metric.text("file");
    if (const std::string_view problem = io::unsafe_relative_path(name); !problem.empty())
        metric.fail("'file' \"" + name + "\" " + std::string{problem});
    const boost::json::value json = read_json(folder / name);
    boost::json::error_code error;
    const boost::json::value* value = json.find_pointer(metric.text("pointer"), error);
    if (!value || !(value->is_number() || value->is_string()))
        metric.fail("'pointer' \"" + metric.text("pointer") + "\" finds no number or text in " +
                    name);
    if (value->is_string())
        return std::string{value->get_string()};
    return value->is_double() ? io::number_text(value->get_double())
                              : boost::json::serialize(*value);
}

}  // namespace

boost::json::object read_json(const fs::path& file) {
    return parse_json(io::read_text(file.string()), file.string());
}

boost::json::object parse_json(std::string_view text, const std::string& where) {
    try {
        io::JsonReader reader{text};
        refuse_repeated_keys(reader);
        reader.finish();
    } catch (const io::JsonError& error) {
        throw ManifestError{where + ": is not valid JSON: " + error.what()};
    }
    return io::parse_object(text, where);
}

bool is_weight_file(std::string_view path) {
    constexpr std::array<std::string_view, 5> endings{".safetensors", ".bin", ".h5", ".msgpack",
                                                      ".gguf"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
}

std::vector<FileFacts> read_files(const Fields& entry, const fs::path& folder) {
    const boost::json::array list = entry.list_or_empty("files");
    std::vector<FileFacts> files;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Fields file = element(entry, "files", list, i);
        file.allow_only({"path", "size", "sha256"});
        std::string path = file.text("path");
        if (const std::string_view problem = io::unsafe_relative_path(path); !problem.empty())
            file.fail("'path' \"" + path + "\" " + std::string{problem});
        for (const FileFacts& other : files)
            if (other.path == path)
                file.fail("'path' \"" + path + "\" is there twice");
        if (!folder.empty()) {
            const fs::path on_disk = folder / path;
            files.push_back(measure(file, on_disk, std::move(path)));
            continue;
        }
        files.push_back(
            {std::move(path), file.number_or_zero("size"), file.text_or_empty("sha256")});
        if (file.has("sha256"))
            check_sha256(file, files.back().sha256);
    }
    const bool has_weights = std::any_of(files.begin(), files.end(), [](const FileFacts& file) {
        return is_weight_file(file.path);
    });
    if (!has_weights)
        entry.fail("'files' names no file of weights (.safetensors, .bin, .h5, .msgpack, .gguf)");
    return files;
}

std::vector<TensorFacts> read_tensor_table(const fs::path& file) {
    const io::MappedFile mapped{file};
    const io::Safetensors content = io::parse_safetensors(mapped.bytes(), file.string());
    std::vector<TensorFacts> tensors;
    for (const io::TensorView& view : content.tensors) {
        TensorFacts tensor{std::string{view.name}, view.dtype, {}};
        if (view.shape.size() > Shape::max_rank)
            throw ManifestError{file.string() + ": tensor '" + tensor.name + "' has " +
                                std::to_string(view.shape.size()) + " dimensions, more than 4"};
        for (const std::size_t dim : view.shape)
            tensor.shape.dims[tensor.shape.rank++] = dim;
        tensors.push_back(std::move(tensor));
    }
    sort_by_name(file.string(), tensors);
    return tensors;
}

std::vector<TensorFacts> read_tensors(const Fields& entry, const std::vector<FileFacts>& files,
                                      const fs::path& folder) {
    std::vector<TensorFacts> tensors;
    if (!folder.empty()) {
        if (entry.has("tensors"))
            entry.fail("the tensors of an entry with a folder are read from it: leave them out");
        for (const FileFacts& file : files)
            if (file.path.ends_with(".safetensors"))
                for (TensorFacts& tensor : read_tensor_table(folder / file.path))
                    tensors.push_back(std::move(tensor));
    } else {
        const boost::json::array list = entry.list_or_empty("tensors");
        for (std::size_t i = 0; i < list.size(); ++i) {
            const Fields tensor = element(entry, "tensors", list, i);
            tensor.allow_only({"name", "dtype", "shape"});
            const std::optional<Dtype> dtype = dtype_from_name(tensor.text("dtype"));
            if (!dtype)
                tensor.wrong("dtype", "an element type of safetensors", tensor.get("dtype"));
            tensors.push_back({tensor.text("name"), *dtype, read_shape(tensor)});
        }
    }
    sort_by_name(entry.where(), tensors);
    return tensors;
}

std::vector<MetricFacts> read_metrics(const Fields& entry, const fs::path& folder) {
    const boost::json::array list = entry.list_or_empty("metrics");
    std::vector<MetricFacts> metrics;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Fields metric = element(entry, "metrics", list, i);
        metric.allow_only({"name", "value", "file", "pointer", "condition"});
        metrics.push_back(
            {metric.text("name"), metric_value(metric, folder), metric.text("condition")});
    }
    return metrics;
}

}  // namespace xzoo::generator
