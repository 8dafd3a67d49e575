// xzoo tokenize
#include <iostream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/model_source.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"

namespace xzoo::cli {

namespace {

std::string json_of(const std::string& text, const Encoding& encoding,
                    const std::vector<Offsets>& offsets) {
    std::string pairs;
    for (const Offsets& place : offsets)
        pairs += (pairs.empty() ? "[" : ", [") + std::to_string(place.begin) + ", " +
                 std::to_string(place.end) + ']';
    return JsonObject{}
        .add("text", text)
        .add_json("ids", json_array(encoding.ids))
        .add_json("tokens", json_array(encoding.tokens()))
        .add_json("offsets", '[' + pairs + ']')
        .text();
}

/// One line for each token, and an empty one behind the text.
std::string table_of(const Encoding& encoding, const std::vector<Offsets>& offsets) {
    std::string lines;
    for (std::size_t i = 0; i < encoding.size(); ++i)
        lines += std::to_string(encoding.ids[i]) + '\t' + printable(encoding.token(i)) + '\t' +
                 std::to_string(offsets[i].begin) + '\t' + std::to_string(offsets[i].end) + '\n';
    return lines;
}

std::string line_of(const Encoding& encoding, bool tokens) {
    std::string line;
    for (std::size_t i = 0; i < encoding.size(); ++i)
        line += (i == 0 ? "" : " ") +
                (tokens ? printable(encoding.token(i)) : std::to_string(encoding.ids[i]));
    return line;
}

std::string shown(const Encoding& encoding, const std::vector<Offsets>& offsets,
                  const std::string& what) {
    if (what == "table")
        return table_of(encoding, offsets);
    return what == "count" ? std::to_string(encoding.size()) : line_of(encoding, what == "tokens");
}

}  // namespace

int run(const TokenizeOptions& options) {
    TextReader reader{options.input};
    const Tokenizer tokenizer = find_tokenizer(options.model.model, options.model.directory);
    const EncodeOptions how{.add_special_tokens = !options.no_special_tokens};
    for (std::vector<Text> texts = reader.read(1); !texts.empty(); texts = reader.read(1)) {
        const std::string& text = texts.front().first;
        const Encoding encoding = tokenizer.encode(text, how);
        const std::vector<Offsets> offsets =
            options.code_points ? encoding.code_point_offsets(text) : encoding.offsets;
        std::cout << (options.json ? json_of(text, encoding, offsets)
                                   : shown(encoding, offsets, options.show))
                  << '\n';
        check_output();
    }
    return exit_ok;
}

}  // namespace xzoo::cli
