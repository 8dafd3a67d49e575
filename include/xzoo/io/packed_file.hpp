// Packed checkpoints: safetensors files that hold a model's parameters in the very form in which
// its kernels read them, so that loading maps the file and copies nothing.
//
//   tensors       one a parameter, under its name: U8, the bytes of its form in memory, filled up
//                 with zeros to whole cache lines. The first begins on a cache line of the file.
//   __metadata__  format   "xzoo.packed"
//                 version  "1": of this description
//                 class    the model class, "LlamaForCausalLM"
//                 precision  of its linear layers, "q4"
//                 config   the text of config.json
//                 generation_config  the text of generation_config.json, if there was one
//                 layouts  an object in JSON: for each parameter the name of its form
//                          (simd::MatrixFormat::layout), which says precision and architecture
//                 source   an object in JSON: the files that the weights were loaded from, by name,
//                          and their SHA-256
#pragma once

#include <algorithm>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/json_writer.hpp"
#include "xzoo/io/load_faults.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safetensors_writer.hpp"
#include "xzoo/io/sha256.hpp"
#include "xzoo/io/weight_storage.hpp"

namespace xzoo::io {

inline constexpr std::string_view packed_format = "xzoo.packed";
inline constexpr std::string_view packed_version = "1";

/// What a packed checkpoint says besides its weights.
struct PackedFacts {
    std::string class_name;
    std::string precision;  // of linear layers
    std::string config_json;
    std::string generation_json;                 // empty: there is none
    std::vector<std::filesystem::path> sources;  // files that the weights came from
};

/// Whether a checkpoint calls itself packed.
inline bool is_packed(const Checkpoint& checkpoint) {
    for (const std::map<std::string, std::string>& metadata : checkpoint.metadata())
        if (const auto format = metadata.find("format"); format != metadata.end())
            return format->second == packed_format;
    return false;
}

namespace detail {

/// The name of a parameter's form in memory.
inline std::string layout_name(const StoredParam& stored) {
    return stored.format == nullptr ? "f32 in rows" : stored.format->layout();
}

/// Bytes of a parameter in a packed checkpoint.
inline std::size_t packed_size(const StoredParam& stored) {
    return padded((stored.bytes() + sizeof(float) - 1) / sizeof(float)) * sizeof(float);
}

inline std::string layouts_json(const StoredParams& params) {
    std::string text = "{";
    for (std::size_t i = 0; i < params.size(); ++i)
        text += concat({(i == 0 ? "" : ","), json_string(params.params[i].name), ":",
                        json_string(layout_name(params[i]))});
    return concat({text, "}"});
}

/// Files that are gone are left out: the weights in memory do not depend on them.
inline std::string sources_json(std::span<const std::filesystem::path> sources) {
    std::string text = "{";
    for (const std::filesystem::path& path : sources) {
        if (std::error_code error; !std::filesystem::is_regular_file(path, error))
            continue;
        const MappedFile file{path};
        text += concat({(text.size() == 1 ? "" : ","), json_string(path.filename().string()), ":",
                        json_string(sha256_hex(file.bytes()))});
    }
    return concat({text, "}"});
}

}  // namespace detail

/// Writes a packed checkpoint. It appears whole, or what was there stays.
/// Errors  FileError; ArgumentError for text that is not UTF-8.
inline void save_packed(const std::filesystem::path& path, const StoredParams& params,
                        const WeightStorage& storage, const PackedFacts& facts) {
    std::vector<NamedTensor> tensors;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const std::size_t bytes = params[i].bytes();
        tensors.push_back({.name = std::string{params.params[i].name},
                           .dtype = Dtype::u8,
                           .shape = {detail::packed_size(params[i])},
                           .fill = [from = storage.data[i], bytes](std::span<std::byte> to) {
                               std::memcpy(to.data(), from, bytes);
                               std::memset(to.data() + bytes, 0, to.size() - bytes);
                           }});
    }
    Metadata metadata{{"format", std::string{packed_format}},
                      {"version", std::string{packed_version}},
                      {"class", facts.class_name},
                      {"precision", facts.precision},
                      {"config", facts.config_json},
                      {"layouts", detail::layouts_json(params)},
                      {"source", detail::sources_json(facts.sources)}};
    if (!facts.generation_json.empty())
        metadata.emplace("generation_config", facts.generation_json);
    write_safetensors(path, tensors, metadata, alignment_bytes);
}

namespace detail {

/// The metadata of a packed checkpoint, of a version that can be read.
class PackedMetadata {
public:
    explicit PackedMetadata(const Checkpoint& checkpoint) : where_{checkpoint.where()} {
        if (checkpoint.metadata().size() != 1)
            throw WeightsError{concat({where_, ": packed weights in several files"})};
        values_ = &checkpoint.metadata().front();
        if (const std::string& version = require("version"); version != packed_version)
            throw WeightsError{
                concat({where_, ": is a packed checkpoint of version ", quote_name(version),
                        "; this program reads version ", quote_name(packed_version), remedy})};
    }

    /// Errors  WeightsError: it is not there.
    const std::string& require(const char* key) const {
        const auto found = values_->find(key);
        if (found == values_->end())
            throw WeightsError{
                concat({where_, ": calls itself a packed checkpoint, but its metadata has no '",
                        key, "'", remedy})};
        return found->second;
    }
    std::string optional(const char* key) const {
        const auto found = values_->find(key);
        return found == values_->end() ? std::string{} : found->second;
    }
    boost::json::object object(const char* key) const {
        return parse_object(require(key), concat({where_, ": '", key, "' of the metadata"}));
    }

    static constexpr std::string_view remedy = "; pack the original weights again";

private:
    std::string where_;
    const std::map<std::string, std::string>* values_ = nullptr;
};

}  // namespace detail

/// What a packed checkpoint says.
/// Errors  WeightsError: it lacks something or has another version.
inline PackedFacts packed_facts(const Checkpoint& checkpoint) {
    const detail::PackedMetadata metadata{checkpoint};
    return {metadata.require("class"), metadata.require("precision"), metadata.require("config"),
            metadata.optional("generation_config"), checkpoint.files()};
}

/// The parameters of a packed checkpoint where they lie. The storage keeps the file mapped; several
/// processes that map it share its pages. Only headers are read here.
/// Errors  WeightsError with every fault, a line each: parameters that are missing, unknown, of
///         another form or another size, or not on a cache line.
inline WeightStorage map_packed(Checkpoint checkpoint, const ModelSchema& schema,
                                const StoredParams& params, LoadReport& report) {
    const detail::PackedMetadata metadata{checkpoint};
    const std::string where = checkpoint.where();
    if (checkpoint.files().empty())
        throw WeightsError{
            concat({where, ": packed weights are used where they lie: load them from a file"})};
    const boost::json::object layouts = metadata.object("layouts");
    detail::FaultText text{
        concat({where, ": packed weights that ", schema.class_name, " cannot use as they are:"})};
    std::size_t faults = 0;
    const auto fault = [&](std::string_view kind, std::string_view line) {
        if (++faults <= detail::FaultText::most)
            text.add(kind, line);
    };
    WeightStorage storage;
    storage.buffers.resize(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
        const std::string_view name = params.params[i].name;
        const TensorView* tensor = checkpoint.find(name);
        storage.data.push_back(tensor == nullptr ? nullptr : tensor->bytes.data());
        if (tensor == nullptr) {
            report.missing.emplace_back(name);
            fault("missing", quote_name(name));
            continue;
        }
        const boost::json::value* layout = layouts.if_contains(name);
        const std::string expected = detail::layout_name(params[i]);
        const std::string found = layout == nullptr || !layout->is_string()
                                      ? "an unnamed layout"
                                      : std::string{std::string_view{layout->get_string()}};
        const std::size_t size = detail::packed_size(params[i]);
        if (found != expected)
            fault("layout",
                  concat({quote_name(name), ": the file has ", found, ", expected ", expected}));
        else if (tensor->dtype != Dtype::u8 || tensor->bytes.size() != size)
            fault("size",
                  concat({quote_name(name), ": the file has ",
                          counted(tensor->bytes.size(), "byte"), " of ", xzoo::name(tensor->dtype),
                          ", expected ", std::to_string(size), " of U8"}));
        else if (reinterpret_cast<std::uintptr_t>(tensor->bytes.data()) % alignment_bytes != 0)
            fault("alignment", concat({quote_name(name), ": does not begin on a cache line"}));
    }
    if (checkpoint.tensors().size() + report.missing.size() > params.size())
        for (const TensorView& tensor : checkpoint.tensors()) {
            const auto is_it = [&](const ParamInfo& param) { return param.name == tensor.name; };
            if (std::none_of(params.params.begin(), params.params.end(), is_it)) {
                report.unexpected.emplace_back(tensor.name);
                fault("unexpected", quote_name(tensor.name));
            }
        }
    if (faults > 0) {
        text.omit("fault", faults);
        text.advise(
            "Packed files are for the precision and the kind of CPU that they were made "
            "for; pack the original weights again.");
        throw WeightsError{text.text(), report};
    }
    report.loaded = params.size();
    storage.mapping = std::make_shared<Checkpoint>(std::move(checkpoint));
    return storage;
}

}  // namespace xzoo::io
