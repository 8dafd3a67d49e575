// What the models of this program have in common, whatever they are used for: where their weights
// come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "xzoo/core/load_report.hpp"
#include "xzoo/core/weight_entry.hpp"
#include "xzoo/io/load_options.hpp"

namespace xzoo::cli {

/// A model that takes weights.
class Loadable {
public:
    virtual ~Loadable() = default;

    /// Each throws what from_pretrained and from_span throw.
    virtual void load(const WeightEntry& entry, const io::LoadOptions& options) = 0;
    virtual void load(const std::filesystem::path& path, const io::LoadOptions& options) = 0;
    virtual void load(std::span<const std::byte> safetensors, std::string_view config_json,
                      const io::LoadOptions& options) = 0;
    virtual void random_init(std::uint64_t seed) = 0;
    /// As the mixin has it.
    virtual void save_packed(const std::filesystem::path& file) const = 0;

    virtual const LoadReport& report() const = 0;
};

/// The part of an interface that a model type has from Loadable.
template <class Model, class Interface>
class LoadableOf : public Interface {
public:
    void load(const WeightEntry& entry, const io::LoadOptions& options) final {
        model_.from_pretrained(entry, options);
    }
    void load(const std::filesystem::path& path, const io::LoadOptions& options) final {
        model_.from_pretrained(path, options);
    }
    void load(std::span<const std::byte> safetensors, std::string_view config_json,
              const io::LoadOptions& options) final {
        model_.from_span(safetensors, config_json, options);
    }
    void random_init(std::uint64_t seed) final { model_.random_init(seed); }
    void save_packed(const std::filesystem::path& file) const final { model_.save_packed(file); }

    const LoadReport& report() const final { return model_.load_report(); }

protected:
    const Model& model() const { return model_; }

private:
    Model model_;
};

}  // namespace xzoo::cli
