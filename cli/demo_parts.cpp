#include "cli/demo_parts.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "cli/terminal.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/io/sha256.hpp"

namespace xzoo::cli {

double milliseconds_since(DemoClock::time_point start) {
    return std::chrono::duration<double, std::milli>(DemoClock::now() - start).count();
}

std::string number_text(const char* format, double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void fact(std::string_view what, const std::string& value) {
    std::cout << "  " << pad_right(what, 10) << value << '\n';
}

void check_embedded(const WeightEntry& entry, std::string_view name,
                    std::span<const std::byte> bytes) {
    const auto* const facts =
        std::find_if(entry.files.data(), entry.files.data() + entry.files.size(),
                     [name](const WeightFile& file) { return file.path == name; });
    if (facts == entry.files.data() + entry.files.size() || facts->sha256.empty())
        throw WeightsError{"the manifest has no SHA-256 of " + std::string{name}};
    const std::string sha256 = io::sha256_hex(bytes);
    if (facts->size != bytes.size() || facts->sha256 != sha256)
        throw WeightsError{
            "the embedded " + std::string{name} + " (" + std::to_string(bytes.size()) +
            " bytes, SHA-256 " + sha256 + ") is not the file that the manifest describes (" +
            std::to_string(facts->size) + " bytes, SHA-256 " + std::string{facts->sha256} + ")"};
    fact("checked", std::string{name} + ", " + grouped(bytes.size()) + " bytes, SHA-256 " +
                        sha256.substr(0, 16) + "...: as the manifest states");
}

}  // namespace xzoo::cli
