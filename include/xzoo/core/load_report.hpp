#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"

namespace xzoo {

/// What happened when a checkpoint met a model. Keys are those of the checkpoint, in the model's
/// order where the model has them, else in the file's. Nothing that differs goes unlisted.
struct LoadReport {
    struct Mismatch {  // same key, other shape
        std::string key;
        std::vector<std::size_t> in_file;
        std::vector<std::size_t> in_model;
    };
    struct Rename {  // the file's key and the name under which the model took it
        std::string from;
        std::string to;
    };
    struct Cast {  // values were converted to the type that the model computes in
        std::string key;
        Dtype from;
        Dtype to;
    };
    struct Tied {  // `key` shares the values of `source`
        std::string key;
        std::string source;
    };

    std::vector<std::string> missing;     // the model wants it, the checkpoint has not got it
    std::vector<std::string> unexpected;  // the checkpoint has it, the model does not want it
    std::vector<Mismatch> mismatched;
    std::vector<Rename> renamed;
    std::vector<Cast> cast;
    std::vector<Tied> tied;
    std::vector<std::string> notes;  // other things a careful user wants to know, a sentence each
    std::size_t loaded = 0;          // parameters whose values came from the checkpoint

    /// True where every parameter was loaded and the checkpoint held nothing else.
    bool complete() const { return missing.empty() && unexpected.empty() && mismatched.empty(); }
};

/// A checkpoint is broken or does not fit the model. The message has all faults, a line each, with
/// the nearest names for keys that were not found; the model is as it was before.
class WeightsError : public Error {
public:
    explicit WeightsError(const std::string& message, LoadReport report = {})
        : Error{message}, report_{std::make_shared<const LoadReport>(std::move(report))} {}

    /// What was found before the load was given up; empty where the file itself is broken.
    const LoadReport& report() const noexcept { return *report_; }

private:
    std::shared_ptr<const LoadReport> report_;  // an exception must copy without throwing
};

}  // namespace xzoo
