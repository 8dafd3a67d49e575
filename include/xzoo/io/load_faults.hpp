#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xzoo/core/load_report.hpp"
#include "xzoo/io/load_options.hpp"
#include "xzoo/io/nearest_name.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io::detail {

/// What the planner found besides its report.
struct LoadFaults {
    std::span<const std::string_view> unexpected;           // as the file spells them
    std::span<const std::string_view> strictly_unexpected;  // those that a strict load refuses
    std::span<const std::string> broken;                    // sentences; no option excuses these
};

/// Collects the lines of the one error that a load ends with.
class FaultText {
public:
    void heading(const std::string& text) { text_ += text; }

    /// Calls line(i) for each of n faults, up to a number that a person would still read.
    template <class Line>
    void list(std::size_t n, std::string_view kind, Line line) {
        constexpr std::size_t most = 1000;
        for (std::size_t i = 0; i < std::min(n, most); ++i)
            text_ += "\n  " + std::string{kind} + ": " + line(i);
        if (n > most)
            text_ += "\n  " + std::string{kind} + ": and " + std::to_string(n - most) +
                     " more (the report has all)";
    }

    void advice(const std::string& text) { text_ += "\n" + text; }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// "missing: 'a.weight' (the file has 'A.weight')". Names are compared for the first few only:
/// comparing all with all would take long for a file of another model.
inline std::string missing_line(const LoadReport& report, std::size_t i,
                                std::span<const std::string_view> unexpected) {
    constexpr std::size_t most_names = 20;
    constexpr std::size_t most_candidates = 1000;
    std::string line = quote_name(report.missing[i]);
    if (i < most_names && !unexpected.empty()) {
        const std::string_view nearest = nearest_name(
            report.missing[i], unexpected.first(std::min(unexpected.size(), most_candidates)));
        if (!nearest.empty())
            line += " (the file has " + quote_name(nearest) + ')';
    }
    return line;
}

/// Throws if the report holds anything that the options do not allow.
inline void refuse_faults(const ModelSchema& schema, const std::string& where,
                          const LoadOptions& options, const LoadFaults& faults,
                          const LoadReport& report) {
    const std::size_t missing = options.strict ? report.missing.size() : 0;
    const std::size_t unexpected = options.strict ? faults.strictly_unexpected.size() : 0;
    const std::size_t mismatched = options.ignore_mismatched_sizes ? 0 : report.mismatched.size();
    if (missing + unexpected + mismatched + faults.broken.size() == 0)
        return;
    FaultText text;
    text.heading(where + ": does not fit " + std::string{schema.class_name} + ':');
    text.list(faults.broken.size(), "broken", [&](std::size_t i) { return faults.broken[i]; });
    text.list(mismatched, "mismatched", [&](std::size_t i) {
        const LoadReport::Mismatch& fault = report.mismatched[i];
        return quote_name(fault.key) + ": the file has " + shape_text(fault.in_file) +
               ", the model " + shape_text(fault.in_model);
    });
    text.list(missing, "missing",
              [&](std::size_t i) { return missing_line(report, i, faults.unexpected); });
    text.list(unexpected, "unexpected",
              [&](std::size_t i) { return quote_name(faults.strictly_unexpected[i]); });
    if (missing + unexpected > 0)
        text.advice(
            "Load the class that wrote the file, or pass strict = false to initialise what is "
            "missing and to ignore what is left over.");
    if (mismatched > 0)
        text.advice(
            "Use the config that belongs to the file, or pass ignore_mismatched_sizes = true to "
            "initialise what has another shape.");
    throw WeightsError{text.text(), report};
}

}  // namespace xzoo::io::detail
