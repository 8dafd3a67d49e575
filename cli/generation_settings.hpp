// Options of the command line that set the fields of a GenerationConfig.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xzoo/generation/generation_config.hpp"

namespace xzoo::cli {

struct GenerationOption {
    const char* field;
    const char* value;  // what help calls the value; empty: a flag, which sets true
    const char* help;
    bool repeats = false;  // each value is an element of a list
};

/// All that can be set but do_sample, which has the flags --sample and --greedy.
std::span<const GenerationOption> generation_options();

/// "--max-new-tokens"
std::string option_name(const GenerationOption& option);

/// Sets a field from what was typed: JSON as in a generation_config.json, in which the outer
/// brackets of a list and the quotes of a text may be left out.
/// Result  empty, or why the field was not set.
std::string set_field(GenerationConfig& config, std::string_view field,
                      const std::vector<std::string>& values);

}  // namespace xzoo::cli
