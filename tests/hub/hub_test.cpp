#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "io/io_support.hpp"
#include "xzoo/hub/environment.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/hub/repository.hpp"
#include "xzoo/hub/verify_entry.hpp"
#include "xzoo/io/sha256.hpp"
#include "xzoo/model_state.hpp"

namespace fs = std::filesystem;
namespace hub = xzoo::hub;
using xzoo::WeightEntry;
using xzoo::WeightFile;
using xzoo::test::check_contains;
using xzoo::test::message_of;
using xzoo::test::put_file;
using xzoo::test::TempFolder;

namespace {

/// Sets the variables that matter, unsets the others, and puts all back.
class Variables {
public:
    explicit Variables(const std::map<std::string, std::string>& values) {
        for (const char* name :
             {"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE",
              "XDG_CACHE_HOME", "HF_ENDPOINT", "HOME", "XZOO_TEST_FOLDER"}) {
            const char* const value = std::getenv(name);
            before_.emplace_back(name, value == nullptr ? "" : value);
            ::unsetenv(name);
        }
        for (const auto& [name, value] : values)
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;
    ~Variables() {
        for (const auto& [name, value] : before_)
            if (value.empty())
                ::unsetenv(name.c_str());
            else
                ::setenv(name.c_str(), value.c_str(), 1);
    }

private:
    std::vector<std::pair<std::string, std::string>> before_;
};

std::string cache_for(const std::map<std::string, std::string>& values) {
    const Variables variables{values};
    return hub::read_environment().caches.front().string();
}

constexpr const char* commit = "86b5e0934494bd15c9632b12f734a8a67f723594";

struct Entry {
    std::vector<WeightFile> files;
    WeightEntry entry;

    explicit Entry(std::vector<WeightFile> list) : files{std::move(list)} {
        entry.name = "base_uncased";
        entry.enumeration = "BertWeights";
        entry.repository = "google-bert/bert-base-uncased";
        entry.revision = commit;
        entry.files = files;
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
};

hub::Environment environment_in(const TempFolder& folder) {
    return {{folder / "hub"}, "https://huggingface.co", folder / "xzoo"};
}

}  // namespace

TEST_CASE("the cache is where the tools of Hugging Face put it", "[hub]") {
    CHECK(cache_for({{"HOME", "/h"}}) == "/h/.cache/huggingface/hub");
    CHECK(cache_for({{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}) == "/x/huggingface/hub");
    CHECK(cache_for({{"HOME", "/h"}, {"HF_HOME", "/hf"}}) == "/hf/hub");
    CHECK(cache_for({{"HOME", "/h"}, {"HF_HOME", "~/hf"}}) == "/h/hf/hub");
    CHECK(cache_for({{"HOME", "/h"}, {"HF_HOME", "/hf"}, {"HUGGINGFACE_HUB_CACHE", "/old"}}) ==
          "/old");
    CHECK(cache_for({{"HF_HUB_CACHE", "/new"}, {"HUGGINGFACE_HUB_CACHE", "/old"}}) == "/new");
    CHECK(cache_for({{"XZOO_TEST_FOLDER", "/t"}, {"HF_HUB_CACHE", "$XZOO_TEST_FOLDER/a"}}) ==
          "/t/a");
    CHECK(cache_for({{"XZOO_TEST_FOLDER", "t"}, {"HF_HUB_CACHE", "/${XZOO_TEST_FOLDER}x/$"}}) ==
          "/tx/$");
    CHECK(cache_for({{"HF_HUB_CACHE", "/$XZOO_NO_SUCH/${XZOO_TEST_FOLDER"}}) ==
          "/$XZOO_NO_SUCH/${XZOO_TEST_FOLDER");
    CHECK(cache_for({{"HOME", "/h"}, {"HF_HUB_CACHE", "~"}}) == "/h/");
    CHECK(cache_for({{"HOME", "/h"}, {"HF_HUB_CACHE", "/a/~x"}}) == "/a/~x");
    const Variables variables{{{"HOME", "/h"},
                               {"TRANSFORMERS_CACHE", "/tc"},
                               {"HF_ENDPOINT", "https://mirror.example/"}}};
    const hub::Environment environment = hub::read_environment();
    CHECK(environment.caches == std::vector<fs::path>{"/h/.cache/huggingface/hub", "/tc"});
    CHECK(environment.endpoint == "https://mirror.example");
    CHECK(environment.own_cache == "/h/.cache/xzoo");
}

TEST_CASE("names of repositories follow the rules of the hub", "[hub]") {
    for (const char* good : {"gpt2", "google-bert/bert-base-uncased", "a/b.c_d-e", "A1/_x",
                             "sentence-transformers/all-MiniLM-L6-v2"}) {
        INFO(good);
        CHECK(hub::is_repository_id(good));
    }
    for (const char* bad : {"", "/", "a/", "/a", "a/b/c", "a--b", "a..b", "a/b.git", "-a", "a-",
                            ".a", "a.", "a/-b", "a b", "a\\b", "../a", "a:b", "a?b", "a#b"}) {
        INFO(bad);
        CHECK_FALSE(hub::is_repository_id(bad));
    }
    CHECK(hub::is_repository_id(std::string(96, 'a')));
    CHECK_FALSE(hub::is_repository_id(std::string(97, 'a')));
    CHECK(hub::is_commit(commit));
    CHECK_FALSE(hub::is_commit("main"));
    CHECK(hub::cache_folder_name("a/b") == "models--a--b");
}

TEST_CASE("addresses of files are encoded", "[hub]") {
    hub::Environment environment;
    environment.endpoint = "https://huggingface.co";
    CHECK(hub::file_address(environment, "a/b", "refs/pr/1", "x y/\xc3\xa4#.json") ==
          "https://huggingface.co/a/b/resolve/refs%2Fpr%2F1/x%20y/%C3%A4%23.json");
    CHECK_THROWS_AS(hub::file_address(environment, "a/b", "main", "../x"), xzoo::ArgumentError);
    CHECK_THROWS_AS(hub::file_address(environment, "a/b", "../..", "x"), xzoo::ArgumentError);
    CHECK_THROWS_AS(hub::file_address(environment, "../b", "main", "x"), xzoo::ArgumentError);
    CHECK_THROWS_AS(hub::file_address(environment, "a/b", "main", "C:\\x"), xzoo::ArgumentError);
}

TEST_CASE("a repository is found in the cache by branch, tag or commit", "[hub]") {
    const TempFolder folder;
    const hub::Environment environment = environment_in(folder);
    const fs::path repository = folder / "hub" / "models--a--b";
    put_file(repository / "refs" / "main", std::string{commit} + "\n");
    put_file(repository / "refs" / "bad", "../../../../etc");
    CHECK_FALSE(hub::find_repository(environment, "a/b"));
    put_file(repository / "snapshots" / commit / "config.json", "{}");
    const fs::path snapshot = repository / "snapshots" / commit;
    CHECK(hub::find_repository(environment, "a/b") == snapshot);
    CHECK(hub::find_repository(environment, "a/b", commit) == snapshot);
    CHECK_FALSE(hub::find_repository(environment, "a/b", "v1"));
    CHECK_FALSE(hub::find_repository(environment, "a/b", "bad"));
    CHECK_FALSE(hub::find_repository(environment, "a/c"));
    CHECK_THROWS_AS(hub::find_repository(environment, "a/b", "../x"), xzoo::ArgumentError);
}

TEST_CASE("files of an entry are taken from the directory, else from the cache", "[hub]") {
    const TempFolder folder;
    const hub::Environment environment = environment_in(folder);
    const Entry bert{{{"model.safetensors", 3, ""}, {"config.json", 2, ""}, {"vocab.txt", 9, ""}}};
    const std::string text =
        message_of([&] { hub::locate(bert.entry, folder / "mine", {}, environment); });
    check_contains(text, {"BertWeights::base_uncased: not all files", "model.safetensors (3 bytes)",
                          (folder / "mine/model.safetensors").c_str(),
                          "hub/models--google-bert--bert-base-uncased/snapshots/86b5",
                          "address: https://huggingface.co/google-bert/bert-base-uncased/resolve/"
                          "86b5e0934494bd15c9632b12f734a8a67f723594/model.safetensors"});
    CHECK(text.find("vocab") == std::string::npos);
    const fs::path snapshot =
        folder / "hub" / "models--google-bert--bert-base-uncased" / "snapshots" / commit;
    put_file(snapshot / "model.safetensors", "abc");
    put_file(snapshot / "config.json", "{}");
    put_file(folder / "mine" / "config.json", "{}");
    const hub::LocatedFiles cached = hub::locate(bert.entry, folder / "mine", {}, environment);
    CHECK(cached.weights == snapshot / "model.safetensors");
    CHECK(cached.config == snapshot / "config.json");
    CHECK(cached.files.size() == 2);
    put_file(folder / "mine" / "model.safetensors", "abc");
    fs::remove(folder / "mine" / "config.json");
    const hub::LocatedFiles mine = hub::locate(bert.entry, folder / "mine", {}, environment);
    CHECK(mine.weights == folder / "mine" / "model.safetensors");
    CHECK(mine.config.empty());
    CHECK(mine.files.size() == 1);
}

TEST_CASE("all shards of an entry must be there", "[hub]") {
    const TempFolder folder;
    const hub::Environment environment = environment_in(folder);
    const Entry large{{{"model.safetensors.index.json", 3, ""},
                       {"model-00001-of-00002.safetensors", 0, ""},
                       {"model-00002-of-00002.safetensors", 0, ""}}};
    put_file(folder / "d" / "model.safetensors.index.json", "{}");
    put_file(folder / "d" / "model-00001-of-00002.safetensors", "{}");
    check_contains(message_of([&] { hub::locate(large.entry, folder / "d", {}, environment); }),
                   {"found: ", "model-00002-of-00002.safetensors\n    not there: "});
    put_file(folder / "d" / "model-00002-of-00002.safetensors", "{}");
    const auto located = hub::locate(large.entry, folder / "d", {}, environment);
    CHECK(located.weights == folder / "d" / "model.safetensors.index.json");
    CHECK(located.files.size() == 3);
}

TEST_CASE("an entry that cannot be loaded says why", "[hub]") {
    const TempFolder folder;
    const hub::Environment environment = environment_in(folder);
    const Entry pickle{{{"pytorch_model.bin", 3, ""}}};
    check_contains(message_of([&] { hub::locate(pickle.entry, {}, {}, environment); }),
                   {"BertWeights::base_uncased", "neither model.safetensors"});
    const Entry evil{{{"../model.safetensors", 3, ""}}};
    check_contains(message_of([&] { hub::locate(evil.entry, {}, {}, environment); }),
                   {"'../model.safetensors' leads out"});
    Entry embedded{{{"language_id.safetensors", 3, ""}}};
    embedded.entry.repository = "";
    check_contains(message_of([&] { hub::locate(embedded.entry, {}, {}, environment); }),
                   {"language_id.safetensors", "pass a directory"});
    put_file(folder / "language_id.safetensors", "abc");
    CHECK(hub::locate(embedded.entry, folder.path(), {}, environment).weights ==
          folder / "language_id.safetensors");
}

TEST_CASE("files are compared with the manifest by size and hash", "[hub]") {
    const TempFolder folder;
    const hub::Environment environment = environment_in(folder);
    const fs::path path = folder / "model.safetensors";
    put_file(path, "abc");
    const std::string hash = xzoo::io::sha256_hex(xzoo::test::as_bytes("abc"));
    const std::string wrong(64, '0');
    const auto verify = [&](const WeightFile& facts) {
        hub::LocatedFiles located;
        located.files.push_back({&facts, path});
        hub::verify_entry(located, environment);
    };
    CHECK_NOTHROW(verify({"model.safetensors", 0, ""}));
    CHECK_NOTHROW(verify({"model.safetensors", 3, hash}));
    check_contains(message_of([&] {
                       verify({"model.safetensors", 5, hash});
                   }),
                   {path.c_str(), "has 3 bytes", "expects 5", "cut off"});
    check_contains(message_of([&] {
                       verify({"model.safetensors", 3, wrong});
                   }),
                   {path.c_str(), hash.c_str(), wrong.c_str()});
    CHECK(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}) == 2);
}

TEST_CASE("a verdict is remembered until the file changes", "[hub]") {
    const TempFolder folder;
    const fs::path path = folder / "model.safetensors";
    put_file(path, "abc");
    const std::string hash = xzoo::io::sha256_hex(xzoo::test::as_bytes("abc"));
    const hub::detail::VerdictCache before{folder / "xzoo", path, hash};
    CHECK_FALSE(before.knows());
    hub::verify_file({"model.safetensors", 3, hash}, path, folder / "xzoo");
    CHECK(hub::detail::VerdictCache{folder / "xzoo", path, hash}.knows());
    CHECK_FALSE(hub::detail::VerdictCache{folder / "xzoo", path, std::string(64, '0')}.knows());
    const auto time = fs::last_write_time(path);
    put_file(path, "abd");
    fs::last_write_time(path, time);
    CHECK_FALSE(hub::detail::VerdictCache{folder / "xzoo", path, hash}.knows());
    CHECK_THROWS_AS(hub::verify_file({"model.safetensors", 3, hash}, path, folder / "xzoo"),
                    xzoo::WeightsError);
    put_file(path, "abc");
    put_file(folder / "file", "in the way");
    CHECK_NOTHROW(hub::verify_file({"model.safetensors", 3, hash}, path, folder / "file"));
    CHECK_NOTHROW(hub::verify_file({"model.safetensors", 3, hash}, path, {}));
}

TEST_CASE("a path longer than names may be is nothing, and no repository", "[hub]") {
    const std::string path(300, 'x');
    CHECK(xzoo::detail::resolve_path(path) == path);
    CHECK_THROWS_AS(xzoo::detail::open_path(path, {}), xzoo::FileError);
}
