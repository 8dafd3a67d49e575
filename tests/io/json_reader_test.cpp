#include "xzoo/io/json_reader.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/json_writer.hpp"

using xzoo::io::JsonError;
using xzoo::io::JsonReader;

namespace {

bool reads(std::string_view text) {
    try {
        JsonReader reader{text};
        reader.skip();
        reader.finish();
        return true;
    } catch (const JsonError& error) {
        CHECK(error.offset() <= text.size());
        return false;
    }
}

bool boost_reads(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = JsonReader::max_depth;
    boost::json::error_code error;
    boost::json::parse({text.data(), text.size()}, error, {}, options);
    return !error;
}

}  // namespace

TEST_CASE("the JSON reader accepts what Boost.JSON accepts and nothing else", "[io]") {
    const std::vector<std::string> texts{"{}",
                                         "[]",
                                         "0",
                                         "-0",
                                         "-",
                                         "01",
                                         "1.",
                                         "1.5e+7",
                                         "1e",
                                         "\"\"",
                                         "\"\\u00e4\\ud83d\\ude00\"",
                                         "\"\\ud83d\"",
                                         "\"\\ude00\"",
                                         "\"\\ud83dx\"",
                                         "\"\\ud83d\\u0041\"",
                                         "\"\\x\"",
                                         "\"\\u12g4\"",
                                         "\"a",
                                         "\"\t\"",
                                         "true",
                                         "tru",
                                         "false",
                                         "null",
                                         "nul",
                                         "[1,2,3]",
                                         "[1,]",
                                         "[,1]",
                                         "[1 2]",
                                         "{\"a\":1}",
                                         "{\"a\":1,}",
                                         "{\"a\" 1}",
                                         "{\"a\":}",
                                         "{a:1}",
                                         "{\"a\":1 \"b\":2}",
                                         "[[[[]]]]",
                                         "[[]",
                                         "[]]",
                                         "{]",
                                         "[}",
                                         " \t\r\n[ 1 , 2 ] ",
                                         "\v1",
                                         "1 2",
                                         "",
                                         " ",
                                         "\xc3\xa4",
                                         "\"\xc3\xa4\"",
                                         "\"\xc3\"",
                                         "\"\xe4\"",
                                         "\"\xc1\xbf\"",
                                         "\"\xe0\x9f\xbf\"",
                                         "\"\xe0\xa0\x80\"",
                                         "\"\xed\x9f\xbf\"",
                                         "\"\xed\xa0\x80\"",
                                         "\"\xf0\x8f\xbf\xbf\"",
                                         "\"\xf0\x90\x80\x80\"",
                                         "\"\xf4\x8f\xbf\xbf\"",
                                         "\"\xf4\x90\x80\x80\"",
                                         "\"\xf5\x80\x80\x80\"",
                                         "\"\x7f\"",
                                         std::string{"\"\0\"", 3},
                                         std::string{"1\0", 2},
                                         std::string(64, '[') + std::string(64, ']'),
                                         std::string(65, '[') + std::string(65, ']'),
                                         "{\"a\":{\"b\":[{\"c\":[]}]}}",
                                         "NaN",
                                         "Infinity",
                                         "'a'",
                                         "//",
                                         "[1]//",
                                         "/**/1"};
    for (const std::string& text : texts) {
        INFO(text);
        CHECK(reads(text) == boost_reads(text));
    }
}

TEST_CASE("the JSON reader hands out values in order", "[io]") {
    JsonReader reader{R"({"a": [1, 18446744073709551615, 18446744073709551616, 1.5],
                          "b\u0062": "x\"\u20ac\ud83d\ude00", "c": {"d": [[], {}]}})"};
    std::string key, value;
    reader.enter_object();
    REQUIRE(reader.next_member(key));
    CHECK(key == "a");
    reader.enter_array();
    std::vector<std::optional<std::uint64_t>> numbers;
    while (reader.next_element())
        numbers.push_back(reader.read_unsigned());
    CHECK(numbers ==
          std::vector<std::optional<std::uint64_t>>{1, UINT64_MAX, std::nullopt, std::nullopt});
    REQUIRE(reader.next_member(key));
    CHECK(key == "bb");
    reader.read_string(value);
    CHECK(value == "x\"\xe2\x82\xac\xf0\x9f\x98\x80");
    REQUIRE(reader.next_member(key));
    CHECK(reader.peek() == JsonReader::Kind::object);
    reader.skip();
    CHECK_FALSE(reader.next_member(key));
    CHECK_NOTHROW(reader.finish());
}

TEST_CASE("JSON strings are written as Python and serde_json write them", "[io]") {
    const std::string text =
        std::string{"\"\\/\b\f\n\r\t\x01\x7f\xc3\xa4\xe2\x82\xac"} + "\xf0\x9f\x98\x80";
    CHECK(xzoo::io::json_string(text) ==
          std::string{"\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xc3\xa4\xe2\x82\xac"} +
              "\xf0\x9f\x98\x80\"");
    CHECK(xzoo::io::json_string(text, true) ==
          "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u00e4\\u20ac\\ud83d\\ude00\"");
}
