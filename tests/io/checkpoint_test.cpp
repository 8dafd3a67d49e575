#include "xzoo/io/checkpoint.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/verify.hpp"

namespace fs = std::filesystem;
using xzoo::io::Checkpoint;
using xzoo::test::check_contains;
using xzoo::test::CountingTensor;
using xzoo::test::message_of;
using xzoo::test::named;
using xzoo::test::put_file;
using xzoo::test::TempFolder;

namespace {

void put_tensors(const fs::path& path, const std::vector<CountingTensor>& tensors) {
    fs::create_directories(path.parent_path());
    xzoo::io::write_safetensors(path, named(tensors));
}

/// A folder with tensors a and b in two shards and an index of the given text.
void put_sharded(const fs::path& folder, const std::string& index) {
    put_tensors(folder / "model-00001-of-00002.safetensors", {{"a", {4}}});
    put_tensors(folder / "model-00002-of-00002.safetensors", {{"b", {2, 2}}});
    put_file(folder / "model.safetensors.index.json", index);
}

std::string index_fault(const std::string& index) {
    const TempFolder folder;
    put_sharded(folder.path(), index);
    const std::string text = message_of([&] { Checkpoint::open(folder.path()); });
    CHECK(text == xzoo::io::verify(folder.path()).message);
    return text;
}

std::string map_to(const std::string& file) {
    return R"({"weight_map":{"a":"model-00001-of-00002.safetensors","b":")" + file + "\"}}";
}

}  // namespace

TEST_CASE("a folder's checkpoint is found in the order of transformers", "[io]") {
    const TempFolder folder;
    check_contains(message_of([&] { Checkpoint::open(folder.path()); }),
                   {folder.path().c_str(), "neither model.safetensors nor"});
    put_file(folder / "pytorch_model.bin", "PK");
    put_file(folder / "tf_model.h5", "x");
    check_contains(message_of([&] { Checkpoint::open(folder.path()); }),
                   {"pytorch_model.bin (a PyTorch pickle", "tf_model.h5 (TensorFlow's HDF5"});
    put_tensors(folder / "model.fp16.safetensors", {{"variant", {1}}});
    check_contains(message_of([&] { Checkpoint::open(folder.path()); }),
                   {"model.fp16.safetensors (pass the path"});
    CHECK(Checkpoint::open(folder.path(), "fp16").find("variant") != nullptr);
    put_sharded(folder.path(), map_to("model-00002-of-00002.safetensors"));
    CHECK(Checkpoint::open(folder.path()).find("b") != nullptr);
    CHECK(Checkpoint::open(folder / "model.safetensors.index.json").files().size() == 3);
    put_tensors(folder / "model.safetensors", {{"single", {1}}});
    CHECK(Checkpoint::open(folder.path()).find("single") != nullptr);
    CHECK(Checkpoint::open(folder.path()).find("b") == nullptr);
}

TEST_CASE("what is no checkpoint is named", "[io]") {
    const TempFolder folder;
    check_contains(message_of([&] { Checkpoint::open(folder / "absent"); }), {"no such file"});
    put_file(folder / "model.gguf", "GGUF");
    check_contains(message_of([&] { Checkpoint::open(folder / "model.gguf"); }), {"GGUF"});
    put_file(folder / "page.safetensors", "  <HTML>\n<body>Not found</body></html>");
    check_contains(message_of([&] { Checkpoint::open(folder / "page.safetensors"); }), {"HTML"});
    put_file(folder / "error.safetensors", R"({"error":"Repository not found"})");
    check_contains(message_of([&] { Checkpoint::open(folder / "error.safetensors"); }), {"JSON"});
    put_file(folder / "zip.safetensors", "PK\3\4aaaaaaaaaaaaaaaa");
    check_contains(message_of([&] { Checkpoint::open(folder / "zip.safetensors"); }), {"zip"});
    fs::create_directories(folder / "folder.safetensors");
    check_contains(message_of([&] { Checkpoint::open(folder / "folder.safetensors"); }),
                   {"neither model.safetensors"});
    REQUIRE(::mkfifo((folder / "pipe.safetensors").c_str(), 0600) == 0);
    check_contains(message_of([&] { Checkpoint::open(folder / "pipe.safetensors"); }),
                   {"not a regular file"});
}

TEST_CASE("an index cannot lead out of its folder", "[io]") {
    for (const char* file :
         {"../b.safetensors", "x/../../b.safetensors", "/etc/hostname", "C:\\\\b.safetensors",
          "C:b.safetensors", "\\\\\\\\server\\\\share\\\\b", "..\\\\b.safetensors", "", "x//b",
          "..", "b\\u0000.safetensors"}) {
        INFO(file);
        check_contains(index_fault(map_to(file)), {"tensor 'b'", "file name"});
    }
    const TempFolder folder;
    put_tensors(folder / "outside.safetensors", {{"b", {2}}});
    put_sharded(folder / "model", map_to("link.safetensors"));
    fs::create_symlink("../outside.safetensors", folder / "model/link.safetensors");
    check_contains(message_of([&] { Checkpoint::open(folder / "model"); }),
                   {"link.safetensors", "leads out of the folder"});
}

TEST_CASE("shards may be links into the blobs of a hub cache, and lie in sub-folders", "[io]") {
    const TempFolder folder;
    const fs::path repository = folder / "models--owner--name";
    const fs::path snapshot = repository / "snapshots" / "0123";
    put_tensors(repository / "blobs" / "blob", {{"b", {2}}});
    put_sharded(snapshot, map_to("parts/b.safetensors"));
    fs::create_directories(snapshot / "parts");
    fs::create_symlink("../../../blobs/blob", snapshot / "parts" / "b.safetensors");
    CHECK(Checkpoint::open(snapshot).find("b") != nullptr);
}

TEST_CASE("an index that is not what it should be is refused", "[io]") {
    check_contains(index_fault(""), {"index cannot be read", "end of text"});
    check_contains(index_fault("[]"), {"not a JSON object"});
    check_contains(index_fault("{}"), {"no 'weight_map'"});
    check_contains(index_fault(R"({"weight_map":{}})"), {"names no tensor"});
    check_contains(index_fault(R"({"weight_map":{"a":1}})"), {"'a'", "not a string"});
    check_contains(index_fault(R"({"weight_map":null})"), {"'weight_map'", "not an object"});
    check_contains(index_fault(R"({"metadata":[],"weight_map":{"a":"b"}})"), {"'metadata'"});
    check_contains(index_fault(R"({"metadata":{"total_size":"1"},"weight_map":{"a":"b"}})"),
                   {"'total_size'", "not a number"});
    check_contains(index_fault(R"({"weight_map":{"a":"x"},"weight_map":{"a":"x"}})"),
                   {"two members 'weight_map'"});
    check_contains(index_fault(R"({"weight_map":{"a":"x","\u0061":"y"}})"), {"'a' twice"});
    check_contains(index_fault(map_to("absent.safetensors")), {"absent.safetensors", "not there"});
    check_contains(index_fault(map_to("model-00001-of-00002.safetensors")),
                   {"'b'", "not in the shard that the index names"});
    check_contains(index_fault(map_to("model-00002-of-00002.safetensors") + "x"),
                   {"text after the end"});
    const TempFolder folder;
    put_sharded(folder.path(), map_to("sub"));
    fs::create_directories(folder / "sub");
    check_contains(message_of([&] { Checkpoint::open(folder.path()); }), {"is a folder"});
}

TEST_CASE("a tensor in two shards is refused, one that the index does not name is reported",
          "[io]") {
    const TempFolder folder;
    put_sharded(folder.path(), map_to("model-00002-of-00002.safetensors"));
    put_tensors(folder / "model-00002-of-00002.safetensors", {{"b", {1}}, {"extra", {1}}});
    const Checkpoint checkpoint = Checkpoint::open(folder.path());
    CHECK(checkpoint.find("extra") == nullptr);
    REQUIRE(checkpoint.unlisted().size() == 1);
    CHECK(checkpoint.unlisted()[0].name == "extra");
    REQUIRE(checkpoint.notes().size() == 1);
    check_contains(checkpoint.notes()[0], {"'extra'"});
    put_tensors(folder / "model-00002-of-00002.safetensors", {{"b", {1}}, {"a", {1}}});
    check_contains(message_of([&] { Checkpoint::open(folder.path()); }),
                   {"'a' lies in 'model-00002-of-00002.safetensors'"});
}

TEST_CASE("a wrong total_size is noted, not refused", "[io]") {
    for (const char* size : {"31", "32.5", "-32", "1e3"}) {
        INFO(size);
        const TempFolder folder;
        put_sharded(folder.path(), R"({"metadata":{"x":[],"total_size":)" + std::string{size} +
                                       "}," + map_to("model-00002-of-00002.safetensors").substr(1));
        const Checkpoint checkpoint = Checkpoint::open(folder.path());
        REQUIRE(checkpoint.notes().size() == 1);
        check_contains(checkpoint.notes()[0], {size, "32 bytes"});
    }
}

TEST_CASE("verify looks at config.json and at files of unusual names", "[io]") {
    const TempFolder folder;
    put_tensors(folder / "adapter_model.safetensors", {{"a", {3}}});
    CHECK(xzoo::io::verify(folder.path()).sound);
    CHECK(xzoo::io::verify(folder.path()).bytes == 12);
    const std::string bom = "\xef\xbb\xbf{}";
    check_contains(xzoo::io::verify(folder.write("bom.json", bom)).message,
                   {"bom.json: is not valid JSON"});
    put_file(folder / "other.safetensors", "x");
    check_contains(xzoo::io::verify(folder.path()).message, {"other.safetensors", "too few"});
    put_tensors(folder / "model.safetensors", {{"a", {3}}});
    CHECK(xzoo::io::verify(folder.path()).sound);
    for (const char* bad : {"", "[]", "{\"a\":}", "{} {}", "\xff"}) {
        put_file(folder / "config.json", bad);
        const auto result = xzoo::io::verify(folder.path());
        CHECK_FALSE(result.sound);
        check_contains(result.message, {"config.json", "JSON"});
        CHECK_FALSE(xzoo::io::verify(folder / "config.json").sound);
    }
    put_file(folder / "config.json", "{\"model_type\": \"bert\"}\n");
    CHECK(xzoo::io::verify(folder.path()).notes.empty());
    CHECK(xzoo::io::verify(folder / "config.json").sound);
    CHECK_FALSE(xzoo::io::verify(folder / "absent").sound);
}
