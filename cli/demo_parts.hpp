// What the sections of the demonstration share.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "xzoo/core/weight_entry.hpp"

namespace xzoo::cli {

using DemoClock = std::chrono::steady_clock;
double milliseconds_since(DemoClock::time_point start);

/// A number as printf writes it: "%.1f ms".
std::string number_text(const char* format, double value);

std::string_view text_of(std::span<const std::byte> bytes);

/// Prints a line with two columns.
void fact(std::string_view what, const std::string& value);

/// Compares an embedded file with what the manifest says of it, and prints that it is the one.
/// Errors  WeightsError: another size or another SHA-256; the entry does not know the file.
void check_embedded(const WeightEntry& entry, std::string_view name,
                    std::span<const std::byte> bytes);

/// The sections, each of which prints what it does; false where something did not come out as it
/// should.
bool identify_languages();
bool write_sentences();

}  // namespace xzoo::cli
