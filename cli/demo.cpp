// What scripts/demo shows: models that come with the project, at work. Each section looks an entry
// up in the generated enumeration, checks the embedded file against it and runs the model's type.
#include <array>
#include <exception>
#include <iostream>

#include "cli/demo_parts.hpp"

int main() {
    using namespace xzoo::cli;
    constexpr std::array sections{&identify_languages, &write_sentences};
    try {
        bool good = true;
        for (const auto section : sections) {
            good = section() && good;
            std::cout << '\n';
        }
        return good ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "xzoo_demo: " << error.what() << '\n';
        return 1;
    }
}
