// Times an encoder of the zoo the way the peers' drivers do. Reads commands "BATCH LENGTH" from
// standard input, a line each, and answers each with the milliseconds of one forward pass; the
// outputs of a shape's first pass go to OUTPUT (raw float32).
// Usage: encoder_peer CONFIG f32|bf16|i8 THREADS OUTPUT [--save FOLDER]
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "zoo/bert.hpp"

namespace {

template <class Model>
int serve(int threads, const std::string& output_file, const char* folder) {
    const Model model = Model{}.random_init(1);
    if (folder)
        model.save_pretrained(folder);
    xzoo::Workspace workspace{threads};
    typename Model::Output output;
    std::map<std::pair<std::size_t, std::size_t>, xzoo::EncoderInputs> batches;
    std::size_t batch = 0;
    std::size_t length = 0;
    while (std::cin >> batch >> length) {
        auto& inputs = batches[{batch, length}];
        if (inputs.input_ids.size() == 0) {
            inputs.input_ids.resize({batch, length});
            for (std::size_t i = 0; i < batch * length; ++i)
                inputs.input_ids.data()[i] = static_cast<std::uint32_t>(i * 7919 % 30000);
            model.forward(inputs, workspace, output);
            const auto& hidden = output.last_hidden_state;
            std::ofstream{output_file, std::ios::binary}.write(
                reinterpret_cast<const char*>(hidden.data()),
                static_cast<std::streamsize>(hidden.size() * sizeof(float)));
        }
        const auto begin = std::chrono::steady_clock::now();
        model.forward(inputs, workspace, output);
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - begin;
        std::cout << time.count() << std::endl;
    }
    return EXIT_SUCCESS;
}

template <xzoo::Precisions P>
int choose(char** argv, const char* folder) {
    const int threads = std::atoi(argv[3]);
    if (std::string{argv[1]} == "minilm_l6")
        return serve<xzoo::Bert<xzoo::minilm_l6, P, false>>(threads, argv[4], folder);
    return serve<xzoo::Bert<xzoo::bert_base, P, false>>(threads, argv[4], folder);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::cerr << "usage: encoder_peer bert_base|minilm_l6 f32|bf16|i8 THREADS OUTPUT "
                     "[--save FOLDER]\n";
        return 2;
    }
    const char* folder = argc > 6 && std::strcmp(argv[5], "--save") == 0 ? argv[6] : nullptr;
    const std::string precision = argv[2];
    if (precision == "i8")
        return choose<xzoo::i8>(argv, folder);
    if (precision == "bf16")
        return choose<xzoo::bf16>(argv, folder);
    return choose<xzoo::f32>(argv, folder);
}
