// What a load found: example_load_report [FILE]
#include <iostream>
#include <string>
#include <tiny_bert.hpp>  // see own_model.cpp

int main(int argc, char* argv[]) {
    const std::string file =
        argc > 1 ? argv[1] : "tests/data/models/tiny_bert/missing_tensor.safetensors";
    tiny_bert::Model model;
    try {
        model.from_pretrained(file);  // strict: all or nothing
    } catch (const xzoo::WeightsError& error) {
        std::cout << error.what() << "\n\n";
    }
    model.from_pretrained(file, {.strict = false});  // what fits is loaded, the rest reported
    const xzoo::LoadReport& report = model.load_report();
    std::cout << report.loaded << " parameters came from the file\n";
    for (const std::string& name : report.missing)
        std::cout << name << " is not in the file and was initialised\n";
    for (const std::string& name : report.unexpected)
        std::cout << name << " is in the file and has no use\n";
    for (const xzoo::LoadReport::Cast& cast : report.cast)
        std::cout << cast.key << " was " << name(cast.from) << '\n';
}
