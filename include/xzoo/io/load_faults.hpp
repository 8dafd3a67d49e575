#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

/// The lines of the one error that a load ends with; of each kind as many as a person would read.
class FaultText {
public:
    static constexpr std::size_t most = 1000;

    explicit FaultText(std::string heading) : text_{std::move(heading)} {}
    void add(std::string_view kind, std::string_view line) {
        text_ += concat({"\n  ", kind, ": ", line});
    }
    /// To be called for n faults of a kind, after the first ones were added.
    void omit(std::string_view kind, std::size_t n) {
        if (n > most)
            add(kind, concat({"and ", std::to_string(n - most), " more (the report has all)"}));
    }
    void advise(std::string_view advice) { text_ += concat({"\n", advice}); }
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
            line += concat({" (the file has ", quote_name(nearest), ")"});
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
    FaultText text{concat({where, ": does not fit ", schema.class_name, ":"})};
    for (const std::string& fault : faults.broken)
        text.add("broken", fault);
    for (std::size_t i = 0; i < std::min(mismatched, FaultText::most); ++i) {
        const LoadReport::Mismatch& fault = report.mismatched[i];
        text.add("mismatched",
                 concat({quote_name(fault.key), ": the file has ", shape_text(fault.in_file),
                         ", the model ", shape_text(fault.in_model)}));
    }
    text.omit("mismatched", mismatched);
    for (std::size_t i = 0; i < std::min(missing, FaultText::most); ++i)
        text.add("missing", missing_line(report, i, faults.unexpected));
    text.omit("missing", missing);
    const auto listed = faults.unexpected.first(unexpected > 0 ? faults.unexpected.size() : 0);
    for (std::size_t i = 0; i < std::min(listed.size(), FaultText::most); ++i)
        text.add("unexpected", quote_name(listed[i]));
    text.omit("unexpected", listed.size());
    if (missing + unexpected > 0)
        text.advise(
            "Load the class that wrote the file, or pass strict = false to initialise what is "
            "missing and to ignore what is left over.");
    if (mismatched > 0)
        text.advise(
            "Use the config that belongs to the file, or pass ignore_mismatched_sizes = true to "
            "initialise what has another shape.");
    throw WeightsError{text.text(), report};
}

}  // namespace xzoo::io::detail
