#include "xzoo/io/json_text.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

#include "io_support.hpp"

TEST_CASE("a text is read whole, and what is none is a fault with its name", "[io]") {
    const xzoo::test::TempFolder folder;
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 200'000U}) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < size; i += 7)
            text[i] = static_cast<char>(i);
        CHECK(xzoo::io::read_text(folder.write("text", text).string()) == text);
    }
    std::filesystem::create_directories(folder / "config.json");
    for (const char* name : {"config.json", "none", "text/none"}) {
        const std::string path = (folder / name).string();
        xzoo::test::check_contains(xzoo::test::message_of([&] { xzoo::io::read_text(path); }),
                                   {path.c_str()});
    }
}
