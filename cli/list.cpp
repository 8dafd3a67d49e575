// xzoo list
#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/entries.hpp"
#include "cli/json_line.hpp"
#include "cli/terminal.hpp"

namespace xzoo::cli {

namespace {

constexpr std::size_t columns = 6;
using Row = std::array<std::string, columns>;

std::string json_text(const WeightEntry& entry) {
    JsonObject object;
    object.add("name", full_name(entry))
        .add("family", entry.model_type)
        .add("class", entry.architecture)
        .add_known("repository", entry.repository)
        .add_known("revision", entry.revision)
        .add_known("license", entry.license);
    if (const std::uint64_t bytes = weight_bytes(entry); bytes > 0)
        object.add("bytes", bytes);
    object.add("sha256_known", has_hashes(entry));
    return object.text();
}

Row row_of(const WeightEntry& entry) {
    const std::uint64_t bytes = weight_bytes(entry);
    return {full_name(entry),
            std::string{entry.architecture},
            bytes > 0 ? bytes_text(bytes) : "?",
            has_hashes(entry) ? "yes" : "no",
            std::string{entry.license.empty() ? "?" : entry.license},
            std::string{entry.repository.empty() ? "comes with xzoo" : entry.repository}};
}

void print_table(const std::vector<Row>& rows) {
    std::array<std::size_t, columns> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    for (const Row& row : rows) {
        for (std::size_t i = 0; i + 1 < columns; ++i)
            std::cout << (i == 2 ? pad_left(row[i], widths[i]) : pad_right(row[i], widths[i]))
                      << "  ";
        std::cout << row.back() << '\n';
    }
}

}  // namespace

int run(const ListOptions& options) {
    std::vector<Row> rows{{"NAME", "CLASS", "SIZE", "SHA-256", "LICENCE", "REPOSITORY"}};
    std::string families;
    bool known = options.family.empty();
    for (const WeightEntry* entry : all_entries()) {
        const std::string family{entry->model_type};
        if (!families.ends_with(family))
            families += (families.empty() ? "" : ", ") + family;
        if (!options.family.empty() && options.family != family)
            continue;
        known = true;
        if (options.json)
            std::cout << json_text(*entry) << '\n';
        else
            rows.push_back(row_of(*entry));
    }
    if (!known)
        throw UsageError{"the manifest has no entries of the family '" + options.family +
                         "'; it has: " + families};
    if (!options.json)
        print_table(rows);
    return exit_ok;
}

}  // namespace xzoo::cli
