#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "xzoo/core/params.hpp"

namespace xzoo::io {

/// What the loader must know of a model's type: static data, made from the type.
struct ModelSchema {
    std::string_view class_name;         // "BertForMaskedLM"
    std::string_view base_model_prefix;  // "bert"; empty: the family has none
    bool is_base_model = false;          // the bare model, whose names lack the prefix
    std::span<const ParamInfo> params;   // named as in a checkpoint of this very class
    std::span<const Tie> ties;           // names of tied tensors and the parameters they share
    /// Tensors that checkpoints may hold and the model ignores in silence (buffers), by the last
    /// components of their names: "position_ids".
    std::span<const std::string_view> ignored;
    /// How the names of parameters begin that other classes of the family have ("bert.pooler.",
    /// "cls."): in a checkpoint they are reported as unexpected, but they are no mistake.
    std::span<const std::string_view> family_parts{};
};

/// How to load a checkpoint.
struct LoadOptions {
    /// true: every parameter must be in the checkpoint, and nothing else may be (except the head of
    /// a checkpoint that a bare model is loaded from). false: what is missing is initialised, what
    /// is left over is ignored; both are reported.
    bool strict = true;
    /// Tensors of another shape are initialised and reported instead of refused.
    bool ignore_mismatched_sizes = false;
    /// Weights of a manifest entry are compared with the SHA-256 that the entry states.
    bool verify_sha256 = true;
    /// Where to look for the files of an entry before the cache of the hub; empty: only there.
    std::filesystem::path directory{};
    /// "fp16" loads model.fp16.safetensors.
    std::string variant{};
    /// Seeds the values of parameters that the checkpoint does not have.
    std::uint64_t seed = 0;
    /// Threads that bring the values into the kernels' form; 0: as in Workspace.
    int threads = 0;
    /// Called now and then while values are read: bytes done, and bytes in all.
    std::function<void(std::size_t done, std::size_t total)> progress{};
};

}  // namespace xzoo::io
