// xzoo detokenize
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/model_source.hpp"
#include "cli/output.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace {

constexpr std::string_view id_characters = "0123456789 \t,[]";
constexpr std::string_view separators = id_characters.substr(10);

/// Ids between spaces, commas and brackets.
/// Errors  ArgumentError for what is no id of the tokenizer.
std::vector<std::uint32_t> read_ids(std::string_view line, const Tokenizer& tokenizer) {
    std::vector<std::uint32_t> ids;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(separators), line.size()));
        if (line.empty())
            return ids;
        const std::string_view word = line.substr(0, line.find_first_of(separators));
        std::uint32_t id = 0;
        const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), id);
        if (fault != std::errc{} || end != word.data() + word.size())
            throw ArgumentError{"expected token ids, found " + io::quote_name(word)};
        if (id >= tokenizer.id_end())
            throw ArgumentError{"there is no token with the id " + std::string{word} +
                                "; the tokenizer has ids up to " +
                                std::to_string(tokenizer.id_end() - 1)};
        ids.push_back(id);
        line.remove_prefix(word.size());
    }
}

/// Arguments that are ids make one text.
InputOptions with_ids_together(InputOptions input) {
    std::string ids;
    std::vector<std::string> others;
    for (std::string& argument : input.arguments)
        if (argument.find_first_not_of(id_characters) == std::string::npos)
            ids += argument + ' ';
        else
            others.push_back(std::move(argument));
    input.arguments = std::move(others);
    if (!ids.empty())
        input.texts.insert(input.texts.begin(), std::move(ids));
    return input;
}

}  // namespace

int run(const DetokenizeOptions& options) {
    TextReader reader{with_ids_together(options.input)};
    const Tokenizer tokenizer = find_tokenizer(options.model.model, options.model.directory);
    for (std::vector<Text> texts = reader.read(1); !texts.empty(); texts = reader.read(1)) {
        const std::vector<std::uint32_t> ids = read_ids(texts.front().first, tokenizer);
        const std::string text =
            tokenizer.decode(ids, {.skip_special_tokens = options.skip_special_tokens});
        std::cout << (options.json
                          ? JsonObject{}.add_json("ids", json_array(ids)).add("text", text).text()
                          : text)
                  << '\n';
        check_output();
    }
    return exit_ok;
}

}  // namespace xzoo::cli
