// What a save removes of older and broken ones.
#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/save.hpp"

namespace fs = std::filesystem;
using xzoo::io::Checkpoint;
using xzoo::io::save_checkpoint;
using xzoo::test::contents;
using xzoo::test::files_in;
using xzoo::test::named;
using xzoo::test::put_file;
using xzoo::test::TempFolder;

TEST_CASE("what a killed saver left is removed, unless it is another's", "[io][save]") {
    const TempFolder folder;
    const auto tensors = named({{"a", {4}}, {"b", {4}}});
    // A saver of the variant fp16 was killed when its index stood on temporary names.
    const std::string first = ".model.fp16-00001-of-00002.xzoo-tmp-1-1.safetensors";
    const std::string second = ".model.fp16-00002-of-00002.xzoo-tmp-1-2.safetensors";
    xzoo::io::write_safetensors(folder / first, std::span{tensors}.first(1));
    xzoo::io::write_safetensors(folder / second, std::span{tensors}.last(1));
    put_file(folder / "model.safetensors.index.fp16.json",
             "{\"metadata\":{},\"weight_map\":{\"a\":\"" + first + "\",\"b\":\"" + second + "\"}}");
    const std::vector<std::string> of_others{
        ".model-extra.xzoo-tmp-1-1.safetensors",  // being written by another process
        ".model.fp16.xzoo-tmp-1-1.safetensors",
        ".model.safetensors.index.fp16.xzoo-tmp-1-1.json",
        ".model-00001-of-00002.xzoo-tmp-x-1.safetensors",
        ".model.xzoo-tmp-1-1.json",
        first,
        second,
        "model.safetensors.index.fp16.json"};
    const std::vector<std::string> left{".model.xzoo-tmp-1-1.safetensors",
                                        ".model-00001-of-00002.xzoo-tmp-1-1.safetensors",
                                        ".model.safetensors.index.xzoo-tmp-1-1.json"};
    for (const auto& names : {of_others, left})
        for (const std::string& name : names)
            if (!fs::exists(folder / name))
                put_file(folder / name, "x");
    const auto values = contents(Checkpoint::open(folder.path(), "fp16"));
    const auto kept = [&](std::vector<std::string> names) {
        std::sort(names.begin(), names.end());
        return names;
    };
    auto expected = of_others;
    expected.emplace_back("model.safetensors");
    save_checkpoint(folder.path(), tensors);
    CHECK(files_in(folder.path()) == kept(expected));
    CHECK(contents(Checkpoint::open(folder.path(), "fp16")) == values);
    save_checkpoint(folder.path(), tensors, "5GB", {}, "fp16");
    CHECK(files_in(folder.path()) == kept({of_others[0], of_others[3], of_others[4],
                                           "model.safetensors", "model.fp16.safetensors"}));
}

TEST_CASE("temporary names are those of their files", "[io][save]") {
    using xzoo::io::final_name;
    for (const char* name : {"model.safetensors", "model.safetensors.index.fp16.json",
                             "model-00001-of-00002.safetensors", "plain"})
        CHECK(final_name(xzoo::io::temporary_name(fs::path{"folder"} / name).filename().string()) ==
              name);
    CHECK(final_name(".a.xzoo-tmp-1-1.xzoo-tmp-2-3.b") == "a.xzoo-tmp-1-1.b");
    for (const char* name :
         {"", ".", "model.safetensors", ".xzoo-tmp-1-2", ".a.xzoo-tmp-", ".a.xzoo-tmp-1",
          ".a.xzoo-tmp-1-", ".a.xzoo-tmp-1-2x", ".a.xzoo-tmp--2.b", "a.xzoo-tmp-1-2.b"})
        CHECK(final_name(name).empty());
}
