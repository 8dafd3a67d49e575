// Loading and saving behind the mixin, written once for all model types: what a type is comes in
// as a table (ModelType), what a loaded model holds goes out as a ModelState.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#include <xtensor/xarray.hpp>

#include "xzoo/core/error.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/core/weight_entry.hpp"
#include "xzoo/core/weights.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/hub/verify_entry.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/io/load.hpp"
#include "xzoo/io/narrow.hpp"
#include "xzoo/io/nearest_name.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/packed_file.hpp"
#include "xzoo/io/param_layout.hpp"
#include "xzoo/io/save.hpp"

namespace xzoo {

using io::LoadOptions;

/// How save_pretrained writes.
struct SaveOptions {
    std::string_view max_shard_size = "5GB";  // decimal KB, MB, GB, TB; a tensor is never split
    Dtype dtype = Dtype::f32;                 // f32, bf16 or f16
};

/// Where weights come from: a manifest entry (or its enumerator), or a path: a folder, a file, or
/// the id of a repository in the local cache.
class WeightSource {
public:
    WeightSource(const WeightEntry& entry) : source_{&entry} {}
    template <class Enum>
    requires WeightsEnum<Enum> WeightSource(Enum weights) : source_{&weight_entry(weights)} {}
    WeightSource(std::filesystem::path path) : source_{std::move(path)} {}
    WeightSource(const std::string& path) : source_{std::filesystem::path{path}} {}
    WeightSource(const char* path) : source_{std::filesystem::path{path}} {}

    const WeightEntry* entry() const {
        const auto* entry = std::get_if<const WeightEntry*>(&source_);
        return entry ? *entry : nullptr;
    }
    const std::filesystem::path& path() const { return std::get<std::filesystem::path>(source_); }

private:
    std::variant<const WeightEntry*, std::filesystem::path> source_;
};

namespace detail {

/// Everything a loaded model holds besides pointers to its parameters. Never changed once made.
struct ModelState {
    io::WeightStorage storage;
    LoadReport report;
    std::string config_json;          // as it was loaded; empty if there was none
    std::string generation_json;      // generation_config.json, likewise
    std::vector<std::string> labels;  // of id2label, by id; made up where nobody names them
    std::vector<std::filesystem::path> files;  // that the weights came from
};

/// What loading and saving need to know of a model's type.
struct ModelType {
    io::ModelSchema schema;
    std::span<const simd::MatrixFormat* const> formats;  // one a parameter; null: plain
    std::size_t num_labels;                              // of the config; 0 for a base model
    void (*check_config)(const boost::json::object& json, const std::string& where);

    io::StoredParams stored() const { return {schema.params, formats}; }
    /// Names of the classes where no file has any: LABEL_0, ...
    std::vector<std::string> default_labels() const {
        return io::labels({{"num_labels", num_labels}}, std::string{schema.class_name});
    }
};

/// Buffers that checkpoints carry and no model of the zoo needs.
inline constexpr std::array<std::string_view, 2> ignored_buffers{"embeddings.position_ids",
                                                                 "embeddings.token_type_ids"};

/// A checkpoint that was found, and the texts of its config.json and generation_config.json (empty:
/// there is none).
struct FoundCheckpoint {
    io::Checkpoint tensors{};
    std::string config_json{};
    std::string config_where{};
    std::string generation_json{};

    /// Takes both from a folder, as far as they are there.
    void read_configs(const std::filesystem::path& folder) {
        const std::filesystem::path config = folder / "config.json";
        if (std::filesystem::is_regular_file(config)) {
            config_json = io::read_text(config);
            config_where = config.string();
        }
        const std::filesystem::path generation = folder / "generation_config.json";
        if (std::filesystem::is_regular_file(generation))
            generation_json = io::read_text(generation);
    }
};

/// Of a packed checkpoint, which says itself what it is.
inline std::shared_ptr<ModelState> packed_state(const ModelType& type, FoundCheckpoint found,
                                                const LoadOptions& options) {
    auto state = std::make_shared<ModelState>();
    io::PackedFacts facts = io::packed_facts(found.tensors);
    if (facts.class_name != type.schema.class_name)
        throw WeightsError{io::concat({found.tensors.where(), ": holds packed weights of ",
                                       io::quote_name(facts.class_name), ", expected ",
                                       io::quote_name(type.schema.class_name),
                                       "; a packed file is for one class"})};
    const std::string where = found.tensors.where() + ": its config";
    const boost::json::object json = io::parse_object(facts.config_json, where);
    type.check_config(json, where);
    state->labels = io::labels(json, where);
    state->config_json = std::move(facts.config_json);
    state->generation_json = std::move(facts.generation_json);
    state->files = std::move(facts.sources);
    state->storage =
        io::map_packed(std::move(found.tensors), type.schema, type.stored(), state->report);
    if (options.progress)
        options.progress(type.stored().bytes(), type.stored().bytes());
    return state;
}

inline std::shared_ptr<ModelState> build_state(const ModelType& type, FoundCheckpoint found,
                                               const LoadOptions& options) {
    if (io::is_packed(found.tensors))
        return packed_state(type, std::move(found), options);
    auto state = std::make_shared<ModelState>();
    if (!found.config_json.empty()) {
        const boost::json::object json = io::parse_object(found.config_json, found.config_where);
        type.check_config(json, found.config_where);
        state->labels = io::labels(json, found.config_where);
    } else {
        state->labels = type.default_labels();
    }
    io::LoadPlan plan = io::plan_load(type.schema, found.tensors, options);
    if (found.config_json.empty())
        plan.report.notes.push_back(found.tensors.where() +
                                    " came without a config.json: only shapes were compared");
    state->storage = io::build_storage(type.stored(), plan, options);
    state->report = std::move(plan.report);
    state->config_json = found.config_json;
    state->generation_json = found.generation_json;
    for (const std::filesystem::path& file : found.tensors.files())
        if (!io::is_index_name(file))
            state->files.push_back(file);
    return state;
}

/// The folder or file that a path names: as it is, or a repository of the hub in a local cache.
inline std::filesystem::path resolve_path(const std::filesystem::path& path) {
    const std::string id = path.generic_string();
    if (std::error_code error; std::filesystem::exists(path, error) || !hub::is_repository_id(id))
        return path;
    const hub::Environment environment = hub::read_environment();
    if (auto folder = hub::find_repository(environment, id))
        return *folder;
    std::string places;
    for (const std::filesystem::path& cache : environment.caches)
        places += (places.empty() ? "" : ", ") + cache.string();
    throw FileError{id, "is no file or folder here, and no repository in the cache (" + places +
                            "); nothing is downloaded"};
}

inline FoundCheckpoint open_path(const std::filesystem::path& path, const LoadOptions& options) {
    const std::filesystem::path place = resolve_path(path);
    FoundCheckpoint found{.tensors = io::Checkpoint::open(place, options.variant)};
    found.read_configs(std::filesystem::is_directory(place) ? place : place.parent_path());
    return found;
}

inline FoundCheckpoint open_entry(const WeightEntry& entry, const LoadOptions& options) {
    const hub::LocatedFiles files = hub::locate(entry, options.directory, options.variant);
    if (options.verify_sha256)
        hub::verify_entry(files);
    FoundCheckpoint found{.tensors = io::Checkpoint::open(files.weights)};
    if (!files.config.empty()) {
        found.read_configs(files.config.parent_path());
    } else {
        found.config_json = entry.config;
        found.config_where = "the manifest's config of " + std::string{entry.name};
    }
    return found;
}

inline std::shared_ptr<ModelState> load(const ModelType& type, const WeightSource& source,
                                        const LoadOptions& options) {
    const WeightEntry* entry = source.entry();
    return build_state(
        type, entry ? open_entry(*entry, options) : open_path(source.path(), options), options);
}

inline std::shared_ptr<ModelState> load_span(const ModelType& type,
                                             std::span<const std::byte> bytes,
                                             std::string_view config_json,
                                             const LoadOptions& options) {
    return build_state(type,
                       {.tensors = io::Checkpoint::from_span(bytes, "safetensors in memory"),
                        .config_json = std::string{config_json},
                        .config_where = "config.json in memory"},
                       options);
}

inline std::shared_ptr<ModelState> random_state(const ModelType& type, std::uint64_t seed) {
    auto state = std::make_shared<ModelState>();
    state->storage = io::init_storage(type.stored(), seed);
    state->labels = type.default_labels();
    return state;
}

/// The state of the same model with its parameters in the forms of `to`. A state that nobody else
/// holds is taken apart meanwhile (so it is taken by value), others stay as they are.
inline std::shared_ptr<ModelState> convert_state(const ModelType& from,
                                                 std::shared_ptr<ModelState> old,  // NOLINT
                                                 const ModelType& to) {
    const bool release = old.use_count() == 1;
    auto state = std::make_shared<ModelState>();
    state->storage = io::convert_storage(from.stored(), old->storage, to.formats, release);
    state->report = old->report;
    state->config_json = old->config_json;
    state->generation_json = old->generation_json;
    state->labels = old->labels;
    state->files = old->files;
    return state;
}

inline xt::xarray<float> parameter(const ModelType& type, const ModelState& state,
                                   std::string_view name) {
    for (std::size_t i = 0; i < type.schema.params.size(); ++i) {
        const ParamInfo& param = type.schema.params[i];
        if (param.name != name)
            continue;
        xt::xarray<float> values;
        values.resize(std::vector<std::size_t>(param.shape.dims.begin(),
                                               param.shape.dims.begin() + param.shape.rank));
        io::fetch_param({param, type.formats[i]}, state.storage.data[i], values.data());
        return values;
    }
    std::vector<std::string_view> names;
    for (const ParamInfo& param : type.schema.params)
        names.push_back(param.name);
    const std::string_view near = io::nearest_name(name, names);
    throw ArgumentError{std::string{type.schema.class_name} + " has no parameter '" +
                        std::string{name} + "'" +
                        (near.empty() ? "" : "; the nearest name is '" + std::string{near} + "'")};
}

inline void save(const ModelType& type, const ModelState& state,
                 const std::filesystem::path& folder, const std::string& config,
                 const SaveOptions& options) {
    if (!io::can_be_written(options.dtype))
        throw ArgumentError{"save_pretrained cannot write " + std::string{name(options.dtype)} +
                            "; it writes F32, BF16 and F16"};
    std::vector<io::NamedTensor> tensors;
    for (std::size_t i = 0; i < type.schema.params.size(); ++i) {
        const ParamInfo& param = type.schema.params[i];
        const void* stored = state.storage.data[i];
        tensors.push_back(
            {.name = std::string{param.name},
             .dtype = options.dtype,
             .shape = {param.shape.dims.begin(), param.shape.dims.begin() + param.shape.rank},
             .fill = [&param, format = type.formats[i], stored,
                      dtype = options.dtype](std::span<std::byte> bytes) {
                 std::vector<float> values(param.shape.elements());
                 io::fetch_param({param, format}, stored, values.data());
                 io::copy_from_float(values, dtype, bytes);
             }});
    }
    io::save_checkpoint(folder, tensors, options.max_shard_size);
    io::write_file(folder / "config.json", config);
    const std::filesystem::path generation = folder / "generation_config.json";
    std::error_code error;
    if (!state.generation_json.empty())
        io::write_file(generation, state.generation_json);
    else  // there may be that of another model
        std::filesystem::remove(generation, error);
    if (error)
        throw FileError{generation.string(), "cannot be removed: " + error.message()};
}

}  // namespace detail

}  // namespace xzoo
