// Small rules: sizes as text, names that are alike, file names that are safe, hashes.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/byte_size.hpp"
#include "xzoo/io/checkpoint_files.hpp"
#include "xzoo/io/nearest_name.hpp"
#include "xzoo/io/safe_path.hpp"
#include "xzoo/io/sha256.hpp"

using xzoo::io::parse_size;
using xzoo::test::as_bytes;
using xzoo::test::check_contains;
using xzoo::test::message_of;

TEST_CASE("sizes are read as huggingface_hub and transformers read them", "[io]") {
    CHECK(parse_size("5GB") == 5'000'000'000U);
    CHECK(parse_size("1.5 GB") == 1'500'000'000U);
    CHECK(parse_size(" 200MB ") == 200'000'000U);
    CHECK(parse_size("3kB") == 3000U);
    CHECK(parse_size("0.5TB") == 500'000'000'000U);
    CHECK(parse_size("1e3KB") == 1'000'000U);
    CHECK(parse_size("2GiB") == 2U << 30U);
    CHECK(parse_size("10MiB") == 10U << 20U);
    CHECK(parse_size("1KIB") == 1024U);
    CHECK(parse_size("8Gb") == 1'000'000'000U);
    CHECK(parse_size("0GB") == 0U);
    CHECK(parse_size("9000000TB") == 9'000'000'000'000'000'000U);
    for (const char* bad : {"", "5", "GB", "5G", "5B", "5 bytes", "-1GB", "nanGB", "infGB", "1,5GB",
                            "1GBx", "0x5GB", "10000000TB", "1e30GB", "five GB", "5PB"}) {
        INFO(bad);
        check_contains(message_of([&] { parse_size(bad); }), {bad, "KB, MB, GB, TB"});
    }
}

TEST_CASE("the nearest name is found, and none where nothing is near", "[io]") {
    const std::vector<std::string_view> names{"base_uncased", "base_cased", "large_uncased"};
    CHECK(xzoo::io::nearest_name("base_uncasd", names) == "base_uncased");
    CHECK(xzoo::io::nearest_name("basecased", names) == "base_cased");
    CHECK(xzoo::io::nearest_name("module.base_cased", names) == "base_cased");
    CHECK(xzoo::io::nearest_name("gpt2", names).empty());
    CHECK(xzoo::io::nearest_name("", names).empty());
    CHECK(xzoo::io::nearest_name("x", {}).empty());
    CHECK(xzoo::io::edit_distance("kitten", "sitting", 10) == 3);
    CHECK(xzoo::io::edit_distance("sitting", "kitten", 3) == 3);
    CHECK(xzoo::io::edit_distance("sitting", "kitten", 2) == 3);
    CHECK(xzoo::io::edit_distance("", "abc", 9) == 3);
    CHECK(xzoo::io::edit_distance("abc", "abc", 0) == 0);
}

TEST_CASE("file names that leave a folder are recognised on every system", "[io]") {
    for (const char* safe : {"a", "a/b.safetensors", "..a", "a..", "a/...", "./a", ".hidden"}) {
        INFO(safe);
        CHECK(xzoo::io::unsafe_relative_path(safe).empty());
    }
    for (const char* bad : {"", "/", "/a", "..", "../a", "a/..", "a/../b", "a\\b", "..\\a", "C:",
                            "c:/a", "C:a", "\\\\server\\share", "//server/share", "a//b", "a/"}) {
        INFO(bad);
        CHECK_FALSE(xzoo::io::unsafe_relative_path(bad).empty());
    }
    CHECK_FALSE(xzoo::io::unsafe_relative_path(std::string_view{"a\0b", 3}).empty());
}

TEST_CASE("names of shards and variants are those of transformers", "[io]") {
    CHECK(xzoo::io::is_shard_name("model-00001-of-00012.safetensors", "model"));
    CHECK(xzoo::io::is_shard_name("model-100000-of-100000.safetensors", "model"));
    CHECK(xzoo::io::is_shard_name("model.fp16-00001-of-00012.safetensors", "model.fp16"));
    for (const char* other :
         {"model-0001-of-00012.safetensors", "model-00001-of-00012.bin",
          "model-00001-of-.safetensors", "model.safetensors", "model-x0001-of-00012.safetensors",
          "model-00001-00012.safetensors", "my-model-00001-of-00012.safetensors", "model", ""}) {
        INFO(other);
        CHECK_FALSE(xzoo::io::is_shard_name(other, "model"));
    }
    CHECK(xzoo::io::weights_name() == "model.safetensors");
    CHECK(xzoo::io::weights_name("fp16") == "model.fp16.safetensors");
    CHECK(xzoo::io::index_name("fp16") == "model.safetensors.index.fp16.json");
}

TEST_CASE("SHA-256 gives the examples of FIPS 180-4", "[io]") {
    CHECK(xzoo::io::sha256_hex({}) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(xzoo::io::sha256_hex(as_bytes("abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(xzoo::io::sha256_hex(
              as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(xzoo::io::sha256_hex(as_bytes(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not depend on how the bytes come", "[io]") {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += static_cast<char>(i * 7);
    for (std::size_t n = 0; n <= text.size(); ++n) {
        const auto bytes = as_bytes(text).first(n);
        const std::string whole = xzoo::io::sha256_hex(bytes);
        for (const std::size_t step : {std::size_t{1}, std::size_t{63}, std::size_t{65}}) {
            xzoo::io::Sha256 hash;
            for (std::size_t at = 0; at < n; at += step)
                hash.update(bytes.subspan(at, std::min(step, n - at)));
            if (hash.finish() != whole)
                FAIL_CHECK(n << " bytes in steps of " << step);
        }
    }
}

TEST_CASE("SHA-256 is the same with and without the processor's instructions", "[io]") {
    std::string text(64 * 5, '\0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(i * i);
    xzoo::io::detail::Sha256State portable{1, 2, 3, 4, 5, 6, 7, 8};
    xzoo::io::detail::Sha256State chosen = portable;
    xzoo::io::detail::sha256_blocks_portable(portable, as_bytes(text).data(), 5);
    xzoo::io::detail::sha256_blocks(chosen, as_bytes(text).data(), 5);
    CHECK(portable == chosen);
}
