// The mixin that gives every model of the zoo its weights: from_pretrained, save_pretrained, and
// what can be asked of a model once it has them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xtensor/xarray.hpp>

#include "xzoo/core/fit.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/core/weight_entry.hpp"
#include "xzoo/core/weights.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/model_state.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/param_formats.hpp"
#include "xzoo/simd/arch.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo {

/// What every model class of the zoo offers.
template <class Model>
concept PretrainedModel = requires(Model model, const WeightEntry& entry, LoadOptions options) {
    { model.from_pretrained(entry) } -> std::same_as<Model&>;
    { Model{}.from_pretrained(entry, true) } -> std::same_as<Model>;
    { Model{}.from_pretrained("folder", options).eval() } -> std::same_as<Model>;
    { model.load_report() } -> std::same_as<const LoadReport&>;
    model.save_pretrained("folder");
    Model::num_parameters();
    { Model::class_name } -> std::convertible_to<std::string_view>;
    params<Model>;
};

/// Base of every model. Model is the derived type; its parameters are its members.
///
/// A model is const when it runs, and may run in many threads at once, each with a Workspace of
/// its own. Copies share the weights, which never change once loaded.
template <class Model>
class Pretrained {
public:
    /// Loads the checkpoint of a manifest entry. A config or a tensor that does not fit this type
    /// does not compile.
    /// Errors  WeightsError, FileError, ConfigError; the model is then as it was.
    template <auto Weights>
    Model& from_pretrained(const LoadOptions& options = {}) & {
        static_assert(CheckWeights<Model, Weights>::checked);
        return load(weight_entry(Weights), options);
    }
    template <auto Weights>
    Model from_pretrained(const LoadOptions& options = {}) && {
        return std::move(
            static_cast<Pretrained&>(*this).template from_pretrained<Weights>(options));
    }

    /// The same for what is known at run time only: an enumerator, a WeightEntry, a folder, a file,
    /// or the id of a repository in the local cache. Files of an entry are looked for in
    /// options.directory, then in the cache that Hugging Face's tools share.
    /// strict  true: every parameter must be there, and nothing that the model does not know.
    ///         false: what is missing is initialised, the rest listed in load_report().
    /// Errors  WeightsError with every fault, ConfigError with every field that differs from this
    ///         type, FileError; the model is then as it was.
    Model& from_pretrained(const WeightSource& source, const LoadOptions& options = {}) & {
        return load(source, options);
    }
    Model from_pretrained(const WeightSource& source, const LoadOptions& options = {}) && {
        return std::move(load(source, options));
    }
    Model& from_pretrained(const WeightSource& source, bool strict) & {
        return load(source, LoadOptions{.strict = strict});
    }
    Model from_pretrained(const WeightSource& source, bool strict) && {
        return std::move(load(source, LoadOptions{.strict = strict}));
    }

    /// Loads a safetensors file that is in memory already, embedded in the program for example.
    /// config_json: the text of its config.json; it is compared with this type unless empty.
    Model& from_span(std::span<const std::byte> safetensors, std::string_view config_json = {},
                     const LoadOptions& options = {}) & {
        return adopt(detail::load_span(type_table(), safetensors, config_json, options));
    }
    Model from_span(std::span<const std::byte> safetensors, std::string_view config_json = {},
                    const LoadOptions& options = {}) && {
        return std::move(adopt(detail::load_span(type_table(), safetensors, config_json, options)));
    }

    /// Gives every parameter a value that only depends on the seed: for benchmarks and tests.
    Model& random_init(std::uint64_t seed) & {
        return adopt(detail::random_state(type_table(), seed));
    }
    Model random_init(std::uint64_t seed) && {
        return std::move(adopt(detail::random_state(type_table(), seed)));
    }

    /// Writes config.json and model.safetensors, or shards and their index where the weights are
    /// larger than options.max_shard_size. The files appear whole or not at all; a folder that held
    /// a model keeps it until the new one is complete.
    /// Errors  FileError; ArgumentError if the model has no weights yet or the size is nonsense.
    void save_pretrained(const std::filesystem::path& folder,
                         const SaveOptions& options = {}) const {
        const std::string config =
            io::config_text(Model::config, Model::class_name, Model::model_type,
                            state().config_json, options.dtype);
        detail::save(type_table(), state(), folder, config, options);
    }

    /// Writes one file, NAME.safetensors, that holds the weights as the kernels of this program's
    /// architecture read them, and all that belongs to them (io/packed_file.hpp). from_pretrained
    /// maps such a file and copies nothing: weights are there at once, and processes share them. It
    /// is for this class, this precision and CPUs of this kind; others refuse it.
    /// Errors  FileError; ArgumentError if the model has no weights yet.
    void save_packed(const std::filesystem::path& file) const {
        io::save_packed(file, type_table().stored(), state().storage,
                        {Model::class_name, name(precisions_of<Model>.weights),
                         io::config_text(Model::config, Model::class_name, Model::model_type,
                                         state().config_json, Dtype::f32),
                         state().generation_json, state().files});
    }

    /// The same model with its parameters kept otherwise: std::move(model).to<i8>(), or
    /// Model{}.from_pretrained(...).to<i8>(). What the new precisions cannot hold is rounded. A
    /// model that is moved from has no weights afterwards, and the memory that it alone holds is
    /// given back piece by piece: not much more is needed than for the larger of both.
    /// Errors  ArgumentError if the model has no weights yet; std::bad_alloc.
    template <Precisions P>
    WithPrecisions<Model, P> to() && {
        static_cast<void>(state());
        return converted<P>(std::exchange(state_, nullptr));
    }
    template <Precisions P>
    WithPrecisions<Model, P> to() const& {
        static_cast<void>(state());
        return converted<P>(state_);
    }

    /// Models of the zoo only run, so there is nothing to switch off; here for code that is used to
    /// say it.
    Model& eval() & noexcept { return self(); }
    Model eval() && noexcept { return std::move(self()); }

    /// Runs the model. Input and output types are the model's own; see its Inputs and Output.
    /// Errors  ArgumentError for inputs that do not fit.
    template <class M = Model, class Inputs = typename M::Inputs>
    requires std::same_as<Inputs, typename M::Inputs>
    auto operator()(const Inputs& inputs) const {
        Workspace workspace;
        typename M::Output output;
        forward(inputs, workspace, output);
        return output;
    }

    /// Runs the model into an output that is used again from call to call: once workspace and
    /// output have seen a batch of this size, nothing is allocated.
    template <class M = Model, class Inputs = typename M::Inputs, class Output>
    void forward(const Inputs& inputs, Workspace& workspace, Output& output) const {
        static_cast<void>(state());  // a model without weights says so
        workspace.reset();
        const int threads = simd::resolve_threads(workspace.threads());
        using nn::view;  // and, by the limits' namespace, those that are declared later
        self().run(view(inputs, Model::limits), workspace, threads, output);
    }

    /// Whether the model has weights.
    bool has_weights() const noexcept { return state_ != nullptr; }
    /// What the last load found. Errors: ArgumentError if the model has no weights.
    const LoadReport& load_report() const { return state().report; }
    /// The names of the classes, from id2label of config.json; LABEL_0, ... where it has none.
    const std::vector<std::string>& labels() const { return state().labels; }

    /// The texts of the config.json and generation_config.json that the weights came with; empty
    /// where there was none. Errors: ArgumentError if the model has no weights.
    const std::string& config_json() const { return state().config_json; }
    const std::string& generation_json() const { return state().generation_json; }

    /// Values of one parameter by its name in the checkpoint, in the checkpoint's shape.
    /// Errors  ArgumentError with the nearest names.
    xt::xarray<float> parameter(std::string_view name) const {
        return detail::parameter(type_table(), state(), name);
    }

    /// Numbers in the parameters; tied ones count once. See param_count.
    static consteval std::size_t num_parameters(bool exclude_embeddings = false) {
        return param_count<Model>(exclude_embeddings);
    }
    /// Bytes of the parameters in their precisions.
    static consteval std::size_t memory_footprint() { return param_bytes<Model>(); }

private:
    Model& self() noexcept { return static_cast<Model&>(*this); }
    const Model& self() const noexcept { return static_cast<const Model&>(*this); }

    const detail::ModelState& state() const {
        if (!state_)
            throw ArgumentError{std::string{Model::class_name} +
                                " has no weights yet: call from_pretrained first"};
        return *state_;
    }

    static detail::ModelType type_table() {
        simd::require_architecture();  // before anything is done, as kernels cannot throw
        return {.schema = {.class_name = Model::class_name,
                           .base_model_prefix = Model::base_model_prefix,
                           .is_base_model = Model::is_base_model,
                           .params = params<Model>,
                           .ties = Model::ties,
                           .ignored = ignored_buffers(),
                           .family_parts = Model::family_parts},
                .formats = nn::param_formats<Model>,
                .num_labels = num_labels(),
                .check_config = [](const boost::json::object& json, const std::string& where) {
                    io::compare_config(Model::config, Model::class_name, Model::model_type, json,
                                       where);
                }};
    }

    static constexpr std::size_t num_labels() {
        if constexpr (!Model::is_base_model && requires { Model::config.num_labels; })
            return Model::config.num_labels;
        else
            return 0;
    }

    /// Buffers that checkpoints of the family carry and no model needs.
    static std::span<const std::string_view> ignored_buffers() {
        if constexpr (requires { Model::ignored; })
            return Model::ignored;
        else
            return detail::ignored_buffers;
    }

    template <Precisions P>
    static WithPrecisions<Model, P> converted(std::shared_ptr<detail::ModelState> old) {  // NOLINT
        using Other = WithPrecisions<Model, P>;
        Other model;
        Pretrained<Other>& base = model;
        base.adopt(detail::convert_state(type_table(), std::move(old), base.type_table()));
        return model;
    }

    Model& load(const WeightSource& source, const LoadOptions& options) {
        return adopt(detail::load(type_table(), source, options));
    }

    /// The last step of every load, and the only one that changes the model; it cannot fail.
    Model& adopt(std::shared_ptr<detail::ModelState> state) noexcept {
        static_assert(PretrainedModel<Model>);
        point_params(self(), state->storage.data, nn::param_formats<Model>);
        state_ = std::move(state);
        return self();
    }

    template <class Other>
    friend class Pretrained;

    std::shared_ptr<detail::ModelState> state_;  // never changed once it is here
};

/// Loads the shards that the index in a folder names, and nothing else: config.json is not read, a
/// single file beside the index not looked at. What was found is in the report.
/// Errors  FileError: the folder has no index; WeightsError as from_pretrained has it.
template <PretrainedModel Model>
const LoadReport& load_sharded_checkpoint(Model& model, const std::filesystem::path& folder,
                                          bool strict = true) {
    const std::filesystem::path index = folder / io::index_name();
    if (!std::filesystem::exists(index))
        throw FileError{index.string(), "is not there, and only it tells which shards to load"};
    return model.from_pretrained(index, strict).load_report();
}

/// The model that an entry describes, loaded: the type follows from the entry.
template <auto Entry>
auto from_pretrained(const LoadOptions& options = {}) {
    return typename Weights<Entry>::model{}.template from_pretrained<Entry>(options);
}

}  // namespace xzoo
