// Times a decoder of the zoo the way the peers' drivers do. Reads commands from standard input and
// answers each with a line:
//   prefill LENGTH   milliseconds in which an empty cache reads a text of so many tokens
//   decode COUNT     milliseconds a token, for so many tokens after the text, the greedy ones
//   tokens           the greedy tokens of the last decode, separated by spaces
// Usage: decoder_peer CONFIG f32|bf16|q8|q4 THREADS [--batch N] [--save FOLDER]
// With --batch N, N equal texts are read and continued; milliseconds are those of all together.
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
    Session(const xzoo::nn::LanguageModel& model, int threads, std::size_t batch)
        : model_{model},
          cache_{model.make_cache({.sequences = batch, .capacity = 1024})},
          workspace_{threads} {}

    double prefill(std::size_t length) {
        cache_.clear();
        return step(text_of(length));
    }

    double decode(std::size_t count) {
        tokens_.clear();
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto begin = output_.logits.begin();  // every text has the same
            const auto end = begin + static_cast<std::ptrdiff_t>(model_.vocab_size());
            tokens_.push_back(static_cast<std::uint32_t>(std::max_element(begin, end) - begin));
            sum += step({tokens_.back()});
        }
        return sum / static_cast<double>(count);
    }

    const std::vector<std::uint32_t>& tokens() const { return tokens_; }

private:
    double step(const std::vector<std::uint32_t>& ids) {
        steps_.clear();
        for (std::size_t i = 0; i < cache_.sequences(); ++i)
            steps_.push_back({i, ids});
        const auto begin = std::chrono::steady_clock::now();
        model_.step(cache_, steps_, xzoo::nn::ScoredRows::last, false, workspace_, output_);
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - begin;
        return time.count();
    }

    const xzoo::nn::LanguageModel& model_;
    xzoo::nn::KvCache cache_;
    xzoo::Workspace workspace_;
    xzoo::nn::StepOutput output_;
    std::vector<xzoo::nn::CacheStep> steps_;
    std::vector<std::uint32_t> tokens_;
};

struct Options {
    std::string config;
    std::string precision;
    int threads = 1;
    std::size_t batch = 1;
    const char* folder = nullptr;  // null: weights are not saved
};

template <class Model>
int serve(const Options& options) {
    const Model model = Model{}.random_init(1);
    if (options.folder)
        model.save_pretrained(options.folder);
    const auto language_model = model.language_model();
    Session session{language_model, options.threads, options.batch};
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
int choose(const Options& options) {
    if (options.config == "tinyllama_1_1b")
        return serve<xzoo::LlamaForCausalLM<xzoo::tinyllama_1_1b, P>>(options);
    if (options.config == "gpt2_small")
        return serve<xzoo::Gpt2LMHeadModel<xzoo::gpt2_small, P>>(options);
    return serve<xzoo::LlamaForCausalLM<xzoo::smollm2_135m, P>>(options);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: decoder_peer smollm2_135m|tinyllama_1_1b|gpt2_small f32|bf16|q8|q4 "
                     "THREADS [--batch N] [--save FOLDER]\n";
        return 2;
    }
    Options options{argv[1], argv[2], std::atoi(argv[3])};
    for (int i = 4; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--batch") == 0)
            options.batch = static_cast<std::size_t>(std::atoi(argv[i + 1]));
        else if (std::strcmp(argv[i], "--save") == 0)
            options.folder = argv[i + 1];
    }
    if (options.precision == "bf16")
        return choose<xzoo::bf16>(options);
    if (options.precision == "q8")
        return choose<xzoo::q8>(options);
    if (options.precision == "q4")
        return choose<xzoo::q4>(options);
    return choose<xzoo::f32>(options);
}
