#include "xzoo/io/safetensors.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/verify.hpp"

namespace fs = std::filesystem;
using xzoo::Dtype;
using xzoo::io::parse_safetensors;
using xzoo::io::Safetensors;
using xzoo::test::as_bytes;
using xzoo::test::check_contains;
using xzoo::test::message_of;
using xzoo::test::safetensors_of;

namespace {

Safetensors parse(std::string_view file) {
    return parse_safetensors(as_bytes(file), "file");
}

/// The message for a header over `n` bytes of data.
std::string fault(std::string_view header, std::size_t n = 4) {
    const std::string file = safetensors_of(header, std::string(n, '\0'));
    return message_of([&] { parse(file); });
}

/// Every case of a folder with cases.json must get its verdict, from the reader and from verify.
void check_verdicts(const fs::path& folder) {
    const boost::json::value cases =
        boost::json::parse(xzoo::test::read_file(folder / "cases.json"));
    std::size_t n = 0;
    for (const boost::json::value& item : cases.as_array()) {
        const std::string name{item.at("file").as_string()};
        const std::string verdict{item.at("verdict").as_string()};
        if (!name.starts_with("safetensors/") && !name.starts_with("sharded/"))
            continue;
        ++n;
        INFO(name << ": " << item.at("why").as_string().c_str());
        const xzoo::io::VerifyResult result = xzoo::io::verify(folder / name);
        INFO(result.message);
        CHECK(result.message.find('\n') == std::string::npos);
        CHECK(result.message.starts_with((folder / name).string()));
        if (verdict == "accept") {
            CHECK(result.sound);
            CHECK_NOTHROW(xzoo::io::Checkpoint::open(folder / name));
        } else if (verdict == "reject") {
            CHECK(!result.sound);
            CHECK_THROWS_AS(xzoo::io::Checkpoint::open(folder / name), xzoo::WeightsError);
        } else {
            REQUIRE(verdict == "reject-or-report");
            CHECK((!result.sound || !result.notes.empty()));
        }
    }
    CHECK(n >= 46);
}

}  // namespace

TEST_CASE("every malformed file that the tests ship gets its verdict", "[io][malformed]") {
    check_verdicts(xzoo::test::data_dir() / "malformed");
}

TEST_CASE("every malformed file of the shared data gets its verdict", "[io][malformed]") {
    if (xzoo::test::has_shared("malformed"))
        check_verdicts(xzoo::test::shared_dir() / "malformed");
}

TEST_CASE("a safetensors header yields names, types, shapes and bytes", "[io]") {
    const std::string file = safetensors_of(
        R"( {"b":{"shape":[2,1],"dtype":"F16","data_offsets":[4,8],"extra":[{"x":null}]},)"
        R"("__metadata__":{"format":"pt","k":"\u00e4\n"},)"
        R"("a\u0000\/c":{"dtype":"I32","shape":[],"data_offsets":[0,4]}} )",
        "abcdefgh");
    const Safetensors parsed = parse(file);
    REQUIRE(parsed.tensors.size() == 2);
    CHECK(parsed.tensors[0].name == std::string_view{"a\0/c", 4});
    CHECK(parsed.tensors[0].dtype == Dtype::i32);
    CHECK(parsed.tensors[0].shape.empty());
    CHECK(parsed.tensors[0].elements() == 1);
    CHECK(std::memcmp(parsed.tensors[0].bytes.data(), "abcd", 4) == 0);
    CHECK(parsed.tensors[1].name == "b");
    CHECK(parsed.tensors[1].dtype == Dtype::f16);
    CHECK(
        std::vector<std::size_t>{parsed.tensors[1].shape.begin(), parsed.tensors[1].shape.end()} ==
        std::vector<std::size_t>{2, 1});
    CHECK(parsed.tensors[1].bytes.size() == 4);
    CHECK(parsed.metadata ==
          std::map<std::string, std::string>{{"format", "pt"}, {"k", "\xc3\xa4\n"}});
}

TEST_CASE("every element type has its size in a safetensors file", "[io]") {
    for (const xzoo::DtypeInfo& type : xzoo::all_dtypes) {
        INFO(type.name);
        const std::size_t bytes = 8 * type.bits / 8;
        const std::string header = R"({"t":{"dtype":")" + std::string{type.name} +
                                   R"(","shape":[2,4],"data_offsets":[0,)" + std::to_string(bytes) +
                                   "]}}";
        CHECK(parse(safetensors_of(header, std::string(bytes, 'x'))).tensors.at(0).dtype ==
              type.dtype);
        check_contains(fault(header, bytes - 1), {"1 byte short"});
        check_contains(fault(header, bytes + 1), {"1 byte after the last tensor"});
    }
    check_contains(fault(R"({"t":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}})"),
                   {"'t'", "unknown dtype 'f32'"});
}

TEST_CASE("numbers that are not plain unsigned integers are refused", "[io]") {
    for (const char* number : {"1e0", "1.0", "-1", "-0", "18446744073709551616", "1E0", "0.5",
                               "123456789012345678901234567890"}) {
        INFO(number);
        const std::string n{number};
        check_contains(
            fault(R"({"t":{"dtype":"F32","shape":[)" + n + R"(],"data_offsets":[0,4]}})"),
            {"'t'", "'shape'", "not an integer"});
        check_contains(fault(R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,)" + n + "]}}"),
                       {"'t'", "'data_offsets'", "not an integer"});
    }
    for (const char* value :
         {"NaN", "Infinity", "01", "+1", "0x1", ".5", "1.", "1e", "--1", "1_0"}) {
        INFO(value);
        const std::string n{value};
        check_contains(
            fault(R"({"t":{"dtype":"F32","shape":[)" + n + R"(],"data_offsets":[0,4]}})"),
            {"header that cannot be read: not JSON"});
    }
    for (const char* value : {"null", "true", "\"1\"", "[1]", "{}"})
        check_contains(fault(R"({"t":{"dtype":"F32","shape":[)" + std::string{value} +
                             R"(],"data_offsets":[0,4]}})"),
                       {"'t'", "not a number"});
}

TEST_CASE("sizes that overflow are refused and never allocated", "[io]") {
    const auto shape = [](const std::string& dims) {
        return R"({"t":{"dtype":"F32","shape":)" + dims + R"(,"data_offsets":[0,4]}})";
    };
    check_contains(fault(shape("[18446744073709551615]")), {"does not fit into 64 bits"});
    check_contains(fault(shape("[4294967296,4294967296,0]")), {"does not fit into 64 bits"});
    check_contains(fault(shape("[576460752303423488]")), {"does not fit into 64 bits"});
    check_contains(fault(shape("[1000000000000]")), {"needs 4000000000000 bytes, but has 4"});
    check_contains(fault(R"({"t":{"dtype":"U8","shape":[18446744073709551615],)"
                         R"("data_offsets":[0,18446744073709551615]}})"),
                   {"does not fit into 64 bits"});
    check_contains(
        fault(R"({"t":{"dtype":"U8","shape":[1000000000],"data_offsets":[0,1000000000]}})"),
        {"999999996 bytes short", "describes 1000000000 bytes"});
}

TEST_CASE("a name or a member that comes twice is refused", "[io]") {
    const std::string entry = R"({"dtype":"F32","shape":[],"data_offsets":[0,4]})";
    check_contains(fault(R"({"w":)" + entry + R"(,"\u0077":)" + entry + "}"), {"'w' twice"});
    check_contains(fault(R"({"__metadata__":{},"__metadata__":{},"w":)" + entry + "}"),
                   {"two members '__metadata__'"});
    check_contains(fault(R"({"__metadata__":{"a":"1","a":"2"},"w":)" + entry + "}"),
                   {"names 'a' twice"});
    check_contains(fault(R"({"w":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}})"),
                   {"two members 'dtype'"});
    check_contains(fault(R"({"w":{"dtype":"F32","shape":[],"shape":[],"data_offsets":[0,4]}})"),
                   {"two members 'shape'"});
}

TEST_CASE("a header that is not one JSON object of the right kind is refused", "[io]") {
    check_contains(fault("\xef\xbb\xbf{}"), {"byte order mark"});
    check_contains(fault("{}{}", 0), {"text after the end"});
    check_contains(fault("{} x", 0), {"text after the end"});
    check_contains(fault(std::string_view{"{}\0\0", 4}, 0), {"text after the end"});
    check_contains(fault("", 0), {"end of text"});
    check_contains(fault("null", 0), {"not a JSON object"});
    check_contains(fault("{\"a\":1}", 0), {"'a' is not described by an object"});
    check_contains(fault(R"({"w":["F32",[1],[0,4]]})"), {"'w' is not described by an object"});
    check_contains(fault(R"({"__metadata__":[]})", 0), {"not an object of strings"});
    check_contains(fault(R"({"\ud800":{}})", 0), {"surrogate"});
    check_contains(fault(R"({"\udc00\ud800":{}})", 0), {"surrogate"});
    check_contains(fault("{\"a\nb\":{}}", 0), {"control character"});
    check_contains(fault("{\"\xc0\x80\":{}}", 0), {"not UTF-8"});
    check_contains(fault("{\"\xed\xa0\x80\":{}}", 0), {"not UTF-8"});
    check_contains(fault("{\"\xf4\x90\x80\x80\":{}}", 0), {"not UTF-8"});
    check_contains(fault("{\"a\":{},}", 0), {"'a' has no 'dtype'"});
    check_contains(fault("{'a':{}}", 0), {"double quotes"});
    check_contains(fault("{/**/}", 0), {"double quotes"});
    const std::string deep = R"({"w":{"x":)" + std::string(100, '[') + std::string(100, ']') + "}}";
    check_contains(fault(deep), {"levels of nesting"});
    check_contains(fault(R"({"w":{"dtype":"F32","shape":[)" + std::string(200, '1') + "]}}"),
                   {"not an integer"});
    std::string dims = "1";
    for (int i = 0; i < 64; ++i)
        dims += ",1";
    check_contains(fault(R"({"w":{"dtype":"F32","shape":[)" + dims + R"(],"data_offsets":[0,4]}})"),
                   {"more than 64 dimensions"});
    const std::string file = safetensors_of(
        R"({"__metadata__":null,"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})",
        "data");
    CHECK(parse(file).tensors.at(0).shape.size() == 9);
}

TEST_CASE("names in messages cannot speak to the terminal", "[io]") {
    const std::string text =
        fault(R"({"a\u001b[31m\n)" + std::string(5000, 'x') + R"(":{"dtype":1}})");
    check_contains(text, {"'a\\x1b[31m\\x0axxx", "'..."});
    CHECK(text.size() < 400);
}

// How fast: bench/io/safetensors_bench.cpp.
TEST_CASE("200,000 tensors are read, and found by name", "[io]") {
    std::string header = "{";
    constexpr std::size_t n = 200'000;
    for (std::size_t i = 0; i < n; ++i)
        header += (i == 0 ? "" : ",") + std::string{"\"model.layers."} + std::to_string(i) +
                  R"(.attention.self.query.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[)" +
                  std::to_string(4 * i) + ',' + std::to_string(4 * i + 4) + "]}";
    const std::string file = safetensors_of(header + '}', std::string(4 * n, '\0'));
    const auto checkpoint = xzoo::io::Checkpoint::from_span(as_bytes(file), "memory");
    CHECK(checkpoint.tensors().size() == n);
    CHECK(checkpoint.find("model.layers.199999.attention.self.query.weight") ==
          &checkpoint.tensors().back());
    CHECK(checkpoint.find("model.layers.x") == nullptr);
}
