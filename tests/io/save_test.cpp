#include "xzoo/io/save.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/checkpoint.hpp"

namespace fs = std::filesystem;
using xzoo::Dtype;
using xzoo::io::Checkpoint;
using xzoo::io::NamedTensor;
using xzoo::io::save_checkpoint;
using xzoo::test::as_bytes;
using xzoo::test::check_contains;
using xzoo::test::contents;
using xzoo::test::CountingTensor;
using xzoo::test::files_in;
using xzoo::test::message_of;
using xzoo::test::named;
using xzoo::test::put_file;
using xzoo::test::read_file;
using xzoo::test::TempFolder;

namespace {

std::string written(const std::vector<NamedTensor>& tensors,
                    const xzoo::io::Metadata& metadata = {}) {
    const TempFolder folder;
    xzoo::io::write_safetensors(folder / "x.safetensors", tensors, metadata);
    CHECK(files_in(folder.path()) == std::vector<std::string>{"x.safetensors"});
    return read_file(folder / "x.safetensors");
}

std::vector<NamedTensor> tensors_of(const Checkpoint& file) {
    std::vector<NamedTensor> tensors;
    for (const auto& tensor : file.tensors())
        tensors.push_back({std::string{tensor.name},
                           tensor.dtype,
                           {tensor.shape.begin(), tensor.shape.end()},
                           tensor.bytes,
                           {}});
    return tensors;
}

}  // namespace

TEST_CASE("safetensors files are written byte for byte as the official writer does", "[io][save]") {
    CHECK(written({}) == std::string{"\x08\0\0\0\0\0\0\0{}      ", 16});
    CHECK(written({}, {{"framework", "pt"}}) ==
          xzoo::test::safetensors_of("{\"__metadata__\":{\"framework\":\"pt\"}}     "));
    const CountingTensor attn{"attn.0", {1, 2, 3}};
    CHECK(written({attn.view()}) ==
          xzoo::test::safetensors_of(
              "{\"attn.0\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}}",
              {reinterpret_cast<const char*>(attn.values.data()), 24}));
    CHECK(written({CountingTensor{"attn0", {1, 1, 2, 3}}.named()}).substr(0, 80) ==
          xzoo::test::safetensors_of("{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],"
                                     "\"data_offsets\":[0,24]}}       "));
}

TEST_CASE("tensors are written by type, widest first, then by name", "[io][save]") {
    const std::string raw(64, 'x');
    const auto tensor = [&](const char* name, Dtype dtype) {
        return NamedTensor{name, dtype, {1}, as_bytes(raw).first(xzoo::info(dtype).bits / 8), {}};
    };
    const std::string file =
        written({tensor("a", Dtype::boolean), tensor("c", Dtype::f32), tensor("b", Dtype::f32),
                 tensor("z", Dtype::u64), tensor("h", Dtype::bf16), tensor("g", Dtype::f16),
                 tensor("B", Dtype::f32)});
    const Checkpoint parsed = Checkpoint::from_span(as_bytes(file), "memory");
    std::string order;
    for (const auto& found : parsed.tensors())
        order += found.name;
    CHECK(order == "zBbchga");
    const std::string odd =
        written({{"\"\\\n\x01\xc3\xa4/", Dtype::u8, {1}, as_bytes(raw).first(1), {}}});
    CHECK(Checkpoint::from_span(as_bytes(odd), "m").find("\"\\\n\x01\xc3\xa4/") != nullptr);
}

TEST_CASE("tensors may be made when their turn comes", "[io][save]") {
    const CountingTensor tensor{"a", {3, 5}};
    NamedTensor late{"a", Dtype::f32, {3, 5}, {}, [&](std::span<std::byte> out) {
                         std::memcpy(out.data(), tensor.values.data(), out.size());
                     }};
    CHECK(written({late}) == written({tensor.view()}));
    const TempFolder folder;
    late.fill = [](std::span<std::byte>) { throw xzoo::Error{"cannot make it"}; };
    CHECK_THROWS(xzoo::io::write_safetensors(folder / "x.safetensors", std::vector{late}));
    CHECK(files_in(folder.path()).empty());
}

TEST_CASE("tensors that make no sense are not written", "[io][save]") {
    const TempFolder folder;
    const std::string raw(8, 'x');
    const auto fault = [&](const std::vector<NamedTensor>& tensors) {
        return message_of([&] { save_checkpoint(folder.path(), tensors); });
    };
    const NamedTensor good{"a", Dtype::f32, {2}, as_bytes(raw), {}};
    check_contains(fault({good, good}), {"two tensors are called 'a'"});
    check_contains(fault({{"__metadata__", Dtype::f32, {2}, as_bytes(raw), {}}}), {"__metadata__"});
    check_contains(fault({{"b", Dtype::f32, {3}, as_bytes(raw), {}}}), {"'b'", "8 bytes", "12"});
    check_contains(fault({{"b\xff", Dtype::f32, {2}, as_bytes(raw), {}}}), {"'b", "not UTF-8"});
    const auto with_metadata = [&](const xzoo::io::Metadata& metadata) {
        return message_of(
                   [&] { save_checkpoint(folder.path(), std::vector{good}, "5GB", metadata); }) +
               message_of([&] {
                   xzoo::io::write_safetensors(folder / "x.safetensors", std::vector{good},
                                               metadata);
               });
    };
    check_contains(with_metadata({{"k\xc0\x80", ""}}), {"metadata 'k", "not UTF-8"});
    check_contains(with_metadata({{"key", "\xed\xa0\x80"}}), {"metadata 'key'", "not UTF-8"});
    check_contains(fault({{"b", Dtype::f32, {SIZE_MAX, 3}, as_bytes(raw), {}}}), {"'b'", "shape"});
    check_contains(message_of([&] { save_checkpoint(folder.path(), {}, "5"); }), {"'5'"});
    CHECK(files_in(folder.path()).empty());
    put_file(folder / "file", "x");
    check_contains(message_of([&] { save_checkpoint(folder / "file", std::vector{good}); }),
                   {"file", "ot a directory"});
}

TEST_CASE("shards are cut where transformers cuts them", "[io][save]") {
    const auto sizes = [](std::vector<std::size_t> bytes, std::uint64_t limit) {
        std::vector<NamedTensor> tensors;
        const std::string raw(1000, 'x');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            tensors.push_back(
                {std::to_string(i), Dtype::u8, {bytes[i]}, as_bytes(raw).first(bytes[i]), {}});
        std::string text;
        for (const auto& shard : xzoo::io::detail::split_into_shards(tensors, limit)) {
            for (const NamedTensor* tensor : shard)
                text += tensor->name;
            text += '|';
        }
        return text;
    };
    CHECK(sizes({}, 10) == "|");
    CHECK(sizes({5, 5}, 10) == "01|");
    CHECK(sizes({5, 6}, 10) == "0|1|");
    CHECK(sizes({5, 11, 5, 1}, 10) == "1|02|3|");  // the large one is closed first
    CHECK(sizes({11, 12}, 10) == "0|1|");
    CHECK(sizes({10, 10, 1}, 10) == "0|1|2|");
}

TEST_CASE("shards and index are those of the oracle", "[io][save]") {
    if (!xzoo::test::has_shared("golden_api/containers"))
        return;
    const fs::path containers = xzoo::test::shared_dir() / "golden_api" / "containers";
    const fs::path expected = containers / "safetensors_sharded";
    const Checkpoint whole = Checkpoint::open(containers / "safetensors");
    const TempFolder folder;
    const auto result = save_checkpoint(folder.path(), tensors_of(whole), "60KB");
    CHECK(read_file(folder / "model.safetensors.index.json") ==
          read_file(expected / "model.safetensors.index.json"));
    CHECK(contents(Checkpoint::open(folder.path())) == contents(Checkpoint::open(expected)));
    CHECK(result.files.size() == 7);
    CHECK(result.total_size == 295156);
}

TEST_CASE("a save leaves nothing of an older one, and nothing else is touched", "[io][save]") {
    const TempFolder folder;
    const auto tensors = named({{"a", {300}}, {"b", {300}}, {"c", {300}}});
    const auto names = [&] { return files_in(folder.path()); };
    put_file(folder / "README.md", "x");
    put_file(folder / "model-extra.safetensors", "x");
    put_file(folder / "other-00001-of-00002.safetensors", "x");
    const std::vector<std::string> rest{"README.md", "model-extra.safetensors",
                                        "other-00001-of-00002.safetensors"};
    const auto with_rest = [&](std::vector<std::string> more) {
        more.insert(more.end(), rest.begin(), rest.end());
        std::sort(more.begin(), more.end());
        return more;
    };
    const std::vector<std::string> three =
        with_rest({"model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                   "model-00003-of-00003.safetensors", "model.safetensors.index.json"});
    save_checkpoint(folder.path(), tensors, "2KB");
    CHECK(names() == three);
    save_checkpoint(folder.path(), tensors, "2KB");
    CHECK(names() == three);
    CHECK(read_file(folder / "model.safetensors.index.json").find("tmp") == std::string::npos);
    save_checkpoint(folder.path(), tensors, "3KB");
    CHECK(names() ==
          with_rest({"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                     "model.safetensors.index.json"}));
    save_checkpoint(folder.path(), tensors);
    CHECK(names() == with_rest({"model.safetensors"}));
    save_checkpoint(folder.path(), tensors, "5GB", {}, "fp32");
    CHECK(names() == with_rest({"model.fp32.safetensors", "model.safetensors"}));
    save_checkpoint(folder.path(), tensors, "2KB");
    CHECK(names().size() == three.size() + 1);
    CHECK(contents(Checkpoint::open(folder.path())) ==
          contents(Checkpoint::open(folder.path(), "fp32")));
}

TEST_CASE("a full disk leaves the old checkpoint and no rubbish", "[io][save]") {
    const TempFolder folder;
    const auto old = named({{"a", {3000}}, {"b", {3000}}});
    const auto now = named({{"a", {3000}, 5.0F}, {"b", {3000}, 5.0F}});
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    for (const char* old_size : {"5GB", "20KB"})
        for (const char* size : {"5GB", "20KB"})
            for (const rlim_t limit : {0U, 5U, 100U, 500U, 8000U, 12000U}) {
                INFO(old_size << " to " << size << " with files of at most " << limit << " bytes");
                save_checkpoint(folder.path(), old, old_size);
                const auto names = files_in(folder.path());
                const auto values = contents(Checkpoint::open(folder.path()));
                struct rlimit small = before;
                small.rlim_cur = limit;
                REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
                std::string message;
                try {
                    save_checkpoint(folder.path(), now, size);
                } catch (const xzoo::FileError& error) {
                    message = error.what();
                }
                REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
                check_contains(message, {"cannot be written", "File too large"});
                CHECK(files_in(folder.path()) == names);
                CHECK(contents(Checkpoint::open(folder.path())) == values);
            }
    std::signal(SIGXFSZ, handler);
}

TEST_CASE("two processes cannot save into one folder at a time", "[io][save]") {
    const TempFolder folder;
    const xzoo::io::FolderLock lock{folder.path()};
    check_contains(message_of([&] { save_checkpoint(folder.path(), {}); }),
                   {folder.path().c_str(), "another process is saving"});
}

TEST_CASE("a file is copied where it cannot be linked", "[io][save]") {
    const TempFolder folder;
    const fs::path memory = "/dev/shm";
    if (!fs::is_directory(memory)) {
        WARN("skipped: no second file system");
        return;
    }
    const fs::path from = memory / folder.path().filename();
    put_file(from, "contents");
    xzoo::io::detail::duplicate(from, folder / "copy");
    fs::remove(from);
    CHECK(read_file(folder / "copy") == "contents");
    check_contains(message_of([&] { xzoo::io::detail::duplicate(from, folder / "none"); }),
                   {"none", "cannot be"});
    // Folders have no links, and are no files to copy: the second fault is what is told.
    std::error_code copying;
    fs::copy_file(folder.path(), folder / "none", copying);
    check_contains(message_of([&] { xzoo::io::detail::duplicate(folder.path(), folder / "none"); }),
                   {"none: cannot be written: ", copying.message().c_str()});
}

TEST_CASE("small files are replaced whole", "[io][save]") {
    const TempFolder folder;
    xzoo::io::write_file(folder / "config.json", "{}");
    xzoo::io::write_file(folder / "config.json", "{\"a\":1}");
    CHECK(read_file(folder / "config.json") == "{\"a\":1}");
    CHECK(files_in(folder.path()).size() == 1);
    check_contains(message_of([&] { xzoo::io::write_file(folder / "no/x", ""); }),
                   {"no/x", "cannot be created", "No such file"});
}
