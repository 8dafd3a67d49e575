#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/shape.hpp"

namespace xzoo {

/// One file of a checkpoint on the hub. Facts that nobody has checked are absent.
struct WeightFile {
    std::string_view path;    // inside the repository
    std::uint64_t size = 0;   // bytes; 0: not known
    std::string_view sha256;  // 64 lower-case hex digits; empty: not known
};

/// One tensor of a checkpoint, as its header states it.
struct TensorRecord {
    std::string_view name;
    Dtype dtype = Dtype::f32;
    Shape shape;
};

/// A published measurement of a checkpoint: {"macro_accuracy", "0.981", "held-out sentences ..."}.
struct Metric {
    std::string_view name;
    std::string_view value;
    std::string_view condition;
};

/// What a checkpoint is, as the weights manifest states it. Constant data; generated from
/// weights_manifest/*.json into <xzoo/weights/FAMILY.hpp>.
struct WeightEntry {
    std::string_view name{};          // of its enumerator: "base_uncased"
    std::string_view enumeration{};   // "BertWeights"
    std::string_view model_type{};    // as in config.json: "bert"
    std::string_view architecture{};  // the class that wrote it: "BertForMaskedLM"
    std::string_view repository{};    // "google-bert/bert-base-uncased"; empty: not on a hub
    std::string_view revision{};      // pinned commit
    std::string_view license{};       // empty: not known
    std::string_view source{};        // where the facts come from, or who trained it on what
    std::string_view config{};        // config.json, as far as it is known
    std::span<const WeightFile> files{};
    std::span<const TensorRecord> tensors{};  // sorted by name; empty: not known
    std::span<const Metric> metrics{};
    std::uint64_t num_parameters = 0;  // of `architecture`; 0: not known
    std::string_view unverified{};     // facts above that nobody has checked: "license, vocab_size"
};

/// An entry whose weight files have no known hash: what is loaded cannot be verified, and the type
/// says so. Converts to WeightEntry like any other.
struct UnverifiedWeightEntry : WeightEntry {};

}  // namespace xzoo
