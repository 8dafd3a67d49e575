// Where a checkpoint meets a model: which tensor becomes which parameter, and what does not fit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/load_report.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/load_faults.hpp"
#include "xzoo/io/load_options.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/tensor_view.hpp"

namespace xzoo::io {

/// What a load will do, found before anything is changed. Points into the checkpoint.
struct LoadPlan {
    std::vector<const TensorView*> sources;  // one a parameter; null: initialise it
    LoadReport report;
};

namespace detail {

/// Matches the names of a checkpoint with those of a model as transformers 4.46 does
/// (_load_pretrained_model), so that missing and unexpected keys are the same and spelled alike.
class LoadPlanner {
public:
    LoadPlanner(const ModelSchema& schema, const Checkpoint& checkpoint)
        : schema_{schema}, checkpoint_{checkpoint}, used_(checkpoint.tensors().size(), false) {
        choose_prefix();
        collect_old_names();
    }

    LoadPlan plan(const LoadOptions& options) {
        check_layout();
        plan_.sources.reserve(schema_.params.size());
        for (const ParamInfo& param : schema_.params)
            plan_.sources.push_back(source_of(param));
        report_missing_ties();
        report_unexpected();
        LoadReport& report = plan_.report;
        report.notes.insert(report.notes.end(), checkpoint_.notes().begin(),
                            checkpoint_.notes().end());
        refuse_faults(schema_, checkpoint_.where(), options,
                      {unexpected_, strictly_unexpected_, broken_}, report);
        return std::move(plan_);
    }

private:
    enum class Prefix { as_is, added, stripped };  // what was done to the model's names

    /// A bare model reads a task model's checkpoint and the other way round.
    void choose_prefix() {
        if (schema_.base_model_prefix.empty())
            return;
        prefix_ = std::string{schema_.base_model_prefix} + '.';
        const auto has_prefix = [this](const auto& named) {
            return named.name.starts_with(prefix_);
        };
        const auto tensors = checkpoint_.tensors();
        const auto params = schema_.params;
        const bool in_file = std::any_of(tensors.begin(), tensors.end(), has_prefix);
        const bool in_model = std::any_of(params.begin(), params.end(), has_prefix);
        if (in_file && schema_.is_base_model)
            names_ = Prefix::added;
        else if (!in_file && in_model && !tensors.empty())
            names_ = Prefix::stripped;
        if (names_ == Prefix::as_is)
            return;
        plan_.report.notes.push_back(
            names_ == Prefix::added
                ? "the checkpoint is of a model with a head: its part '" + prefix_ + "' was taken"
                : "the checkpoint is of the bare model: its names lack '" + prefix_ + "'");
    }

    /// Names as TensorFlow wrote them: LayerNorm.gamma is .weight, LayerNorm.beta is .bias.
    static std::string modern_name(std::string_view name) {
        constexpr std::string_view gamma = "LayerNorm.gamma";
        constexpr std::string_view beta = "LayerNorm.beta";
        if (name.ends_with(gamma))
            return concat({name.substr(0, name.size() - gamma.size()), "LayerNorm.weight"});
        if (name.ends_with(beta))
            return concat({name.substr(0, name.size() - beta.size()), "LayerNorm.bias"});
        return std::string{name};
    }

    void collect_old_names() {
        for (const TensorView& tensor : checkpoint_.tensors()) {
            std::string name = modern_name(tensor.name);
            if (name != tensor.name)
                renamed_.emplace(std::move(name), &tensor);
        }
    }

    /// The name of a parameter as this checkpoint would spell it.
    std::string key_of(std::string_view name) const {
        if (names_ == Prefix::added)
            return prefix_ + std::string{name};
        if (names_ == Prefix::stripped && name.starts_with(prefix_))
            name.remove_prefix(prefix_.size());
        return std::string{name};
    }

    const TensorView* find(const std::string& key) {
        const TensorView* const found = checkpoint_.find(key);
        const auto old = renamed_.find(key);
        if (old == renamed_.end())
            return found;
        if (found != nullptr)
            broken_.push_back(concat({"both ", quote_name(found->name), " and ",
                                      quote_name(old->second->name), " hold ", quote_name(key)}));
        return old->second;
    }

    void use(const TensorView& tensor) {
        used_[static_cast<std::size_t>(&tensor - checkpoint_.tensors().data())] = true;
    }

    const TensorView* source_of(const ParamInfo& param) {
        const std::string key = key_of(param.name);
        const TensorView* source = find(key);
        if (source != nullptr)
            use(*source);
        bool is_tied = false;
        for (const Tie& tie : schema_.ties)
            if (tie.source == param.name) {
                is_tied = true;
                source = tied_source(tie, key, source);
            }
        if (source == nullptr) {
            plan_.report.missing.push_back(key);
            return nullptr;
        }
        if (!is_tied && source->name != key)
            plan_.report.renamed.push_back({std::string{source->name}, key});
        return accepted(*source, param.shape, key) ? source : nullptr;
    }

    /// Takes note of the other name of a shared tensor; its values are used where the parameter's
    /// own name is not in the checkpoint.
    const TensorView* tied_source(const Tie& tie, const std::string& key,
                                  const TensorView* source) {
        const std::string other_key = key_of(tie.name);
        const TensorView* const other = find(other_key);
        if (other == nullptr && source == nullptr)
            return nullptr;
        plan_.report.tied.push_back({other_key, key});
        if (other == nullptr)
            return source;
        use(*other);
        if (source == nullptr) {
            plan_.report.renamed.push_back({std::string{other->name}, key});
            return other;
        }
        if (!same_values(*source, *other))
            plan_.report.notes.push_back(
                concat({quote_name(other->name), " differs from ", quote_name(source->name),
                        ", with which the model ties it: the latter was used"}));
        return source;
    }

    static bool same_values(const TensorView& a, const TensorView& b) {
        return a.dtype == b.dtype &&
               std::equal(a.shape.begin(), a.shape.end(), b.shape.begin(), b.shape.end()) &&
               (a.bytes.empty() ||
                std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0);
    }

    bool accepted(const TensorView& source, const Shape& shape, const std::string& key) {
        LoadReport& report = plan_.report;
        const std::span<const std::size_t> wanted{shape.dims.data(), shape.rank};
        if (!std::equal(source.shape.begin(), source.shape.end(), wanted.begin(), wanted.end())) {
            report.mismatched.push_back(
                {key, {source.shape.begin(), source.shape.end()}, {wanted.begin(), wanted.end()}});
            return false;
        }
        if (!converts_to_float(source.dtype)) {
            broken_.push_back(concat({quote_name(source.name), " is ", name(source.dtype),
                                      ", which cannot be converted to F32"}));
            return false;
        }
        if (source.dtype != Dtype::f32)
            report.cast.push_back({key, source.dtype, Dtype::f32});
        ++report.loaded;
        return true;
    }

    /// A tied name is missing where none of the names it shares its values with is there.
    void report_missing_ties() {
        auto& missing = plan_.report.missing;
        const std::size_t n = missing.size();
        for (const Tie& tie : schema_.ties)
            if (std::find(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(n),
                          key_of(tie.source)) != missing.begin() + static_cast<std::ptrdiff_t>(n))
                missing.push_back(key_of(tie.name));
    }

    bool is_ignored(std::string_view name) const {
        if (name.find("rotary_emb.inv_freq") != std::string_view::npos)
            return true;  // a constant that older versions of transformers saved
        return std::any_of(schema_.ignored.begin(), schema_.ignored.end(),
                           [name](std::string_view ending) {
                               return name == ending || name.ends_with('.' + std::string{ending});
                           });
    }

    void report_unexpected() {
        const auto tensors = checkpoint_.tensors();
        for (std::size_t i = 0; i < tensors.size(); ++i)
            if (!used_[i] && !is_ignored(tensors[i].name))
                add_unexpected(tensors[i]);
        for (const TensorView& tensor : checkpoint_.unlisted())
            if (!is_ignored(tensor.name))
                add_unexpected(tensor);
    }

    void add_unexpected(const TensorView& tensor) {
        plan_.report.unexpected.push_back(modern_name(tensor.name));
        unexpected_.push_back(tensor.name);
        const bool of_a_head = names_ == Prefix::added && !tensor.name.starts_with(prefix_);
        if (!of_a_head && !is_family_part(tensor.name))
            strictly_unexpected_.push_back(tensor.name);
    }

    /// True for what another class of the same family would take, in a task model's checkpoint or
    /// in the bare model's.
    bool is_family_part(std::string_view name) const {
        const auto& parts = schema_.family_parts;
        return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
            return name.starts_with(part) || (prefix_ + std::string{name}).starts_with(part);
        });
    }

    /// Other frameworks store some weights transposed and under other names.
    void check_layout() {
        for (const std::map<std::string, std::string>& metadata : checkpoint_.metadata()) {
            const auto format = metadata.find("format");
            if (format != metadata.end() && format->second != "pt" && format->second != "mlx")
                broken_.push_back(concat({"its metadata says format ", quote_name(format->second),
                                          "; only 'pt' (PyTorch) and 'mlx' can be loaded"}));
        }
    }

    const ModelSchema& schema_;
    const Checkpoint& checkpoint_;
    std::string prefix_;  // with its dot
    Prefix names_ = Prefix::as_is;
    std::map<std::string, const TensorView*> renamed_;   // by modern name
    std::vector<bool> used_;                             // by position in the checkpoint
    std::vector<std::string_view> unexpected_;           // as the file spells them
    std::vector<std::string_view> strictly_unexpected_;  // of them, those that strict loads refuse
    std::vector<std::string> broken_;                    // faults that no option excuses
    LoadPlan plan_;
};

}  // namespace detail

/// Compares a checkpoint with a model, name by name, before any value is read (but for tensors that
/// are tied and stored twice, which are compared). Names are matched as transformers 4.46 does: the
/// prefix of the base model is added or stripped, LayerNorm.gamma and .beta are renamed, tied
/// tensors may be there under either name.
/// The checkpoint must outlive the plan.
/// Errors  WeightsError with all faults at once, a line each, and the report; what is a fault
///         depends on the options.
inline LoadPlan plan_load(const ModelSchema& schema, const Checkpoint& checkpoint,
                          const LoadOptions& options) {
    return detail::LoadPlanner{schema, checkpoint}.plan(options);
}

}  // namespace xzoo::io
