// Times a decoder of the zoo the way the peers' drivers do. Reads commands from standard input and
// answers each with a line:
//   prefill LENGTH   milliseconds in which an empty cache reads a text of so many tokens
//   decode COUNT     milliseconds a token, for so many tokens after the text, the greedy ones
//   tokens           the greedy tokens of the last decode, separated by spaces
// Usage: decoder_peer CONFIG f32|bf16 THREADS [--save FOLDER]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "zoo/gpt2.hpp"
#include "zoo/llama.hpp"

namespace {

/// A text of a length that all engines read.
std::vector<std::uint32_t> text_of(std::size_t length) {
    std::vector<std::uint32_t> ids(length);
    for (std::size_t i = 0; i < length; ++i)
        ids[i] = static_cast<std::uint32_t>(3 + i * 7919 % 30000);
    return ids;
}

class Session {
public:
    Session(const xzoo::nn::LanguageModel& model, int threads)
        : model_{model}, cache_{model.make_cache({.capacity = 1024})}, workspace_{threads} {}

    double prefill(std::size_t length) {
        cache_.clear();
        return step(text_of(length));
    }

    double decode(std::size_t count) {
        tokens_.clear();
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto best = std::max_element(output_.logits.begin(), output_.logits.end());
            tokens_.push_back(static_cast<std::uint32_t>(best - output_.logits.begin()));
            sum += step({tokens_.back()});
        }
        return sum / static_cast<double>(count);
    }

    const std::vector<std::uint32_t>& tokens() const { return tokens_; }

private:
    double step(const std::vector<std::uint32_t>& ids) {
        const xzoo::nn::CacheStep step{0, ids};
        const auto begin = std::chrono::steady_clock::now();
        model_.step(cache_, {&step, 1}, xzoo::nn::ScoredRows::last, false, workspace_, output_);
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - begin;
        return time.count();
    }

    const xzoo::nn::LanguageModel& model_;
    xzoo::nn::KvCache cache_;
    xzoo::Workspace workspace_;
    xzoo::nn::StepOutput output_;
    std::vector<std::uint32_t> tokens_;
};

template <class Model>
int serve(int threads, const char* folder) {
    const Model model = Model{}.random_init(1);
    if (folder)
        model.save_pretrained(folder);
    const xzoo::nn::CausalModel language_model = model.language_model();
    Session session{language_model, threads};
    std::string command;
    while (std::cin >> command) {
        std::size_t count = 0;
        if (command == "prefill" && std::cin >> count) {
            std::cout << session.prefill(count) << std::endl;
        } else if (command == "decode" && std::cin >> count) {
            std::cout << session.decode(count) << std::endl;
        } else if (command == "tokens") {
            for (const std::uint32_t id : session.tokens())
                std::cout << id << ' ';
            std::cout << std::endl;
        }
    }
    return EXIT_SUCCESS;
}

template <xzoo::Precisions P>
int choose(const std::string& config, int threads, const char* folder) {
    if (config == "tinyllama_1_1b")
        return serve<xzoo::LlamaForCausalLM<xzoo::tinyllama_1_1b, P>>(threads, folder);
    return serve<xzoo::LlamaForCausalLM<xzoo::smollm2_135m, P>>(threads, folder);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: decoder_peer smollm2_135m|tinyllama_1_1b f32|bf16 THREADS "
                     "[--save FOLDER]\n";
        return 2;
    }
    const char* folder = argc > 5 && std::strcmp(argv[4], "--save") == 0 ? argv[5] : nullptr;
    const int threads = std::atoi(argv[3]);
    if (std::string{argv[2]} == "bf16")
        return choose<xzoo::bf16>(argv[1], threads, folder);
    return choose<xzoo::f32>(argv[1], threads, folder);
}
