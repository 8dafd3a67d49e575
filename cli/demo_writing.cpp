// The section of the demonstration in which a language model writes.
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include "cli/demo_parts.hpp"
#include "cli/terminal.hpp"
#include "language_model.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "xzoo/weights/llama.hpp"
#include "zoo/llama.hpp"

namespace xzoo::cli {

namespace {

/// Writes the lines of a text as they come, each so wide that it fits the terminal.
class LineWriter {
public:
    void write(std::string_view piece) {
        for (const char c : piece) {
            if (c != ' ' && c != '\n') {
                word_ += c;
                continue;
            }
            finish_word();
            if (c == '\n')
                break_line();
        }
        std::cout << std::flush;
    }
    void finish() {
        finish_word();
        std::cout << "\n\n";
    }

private:
    static constexpr std::size_t without_terminal = 90;

    void finish_word() {
        if (word_.empty())
            return;
        const std::size_t terminal = terminal_width();
        const std::size_t width = terminal == 0 ? without_terminal : terminal - 1;
        const std::size_t needed = display_width(word_) + 1;
        if (column_ > 0 && column_ + needed > width)
            break_line();
        std::cout << (column_ == 0 ? "  " : " ") << word_;
        column_ += column_ == 0 ? needed + 1 : needed;
        word_.clear();
    }
    void break_line() {
        std::cout << '\n';
        column_ = 0;
    }

    std::string word_;
    std::size_t column_ = 0;
};

}  // namespace

bool write_sentences() {
    constexpr LlamaWeights weights = LlamaWeights::language_model;
    using Model = LlamaForCausalLM<Weights<weights>::config, bf16>;  // as the file has them
    constexpr const WeightEntry& entry = Weights<weights>::entry;
    constexpr std::array<std::string_view, 3> beginnings{"It is a truth", "And it came to pass",
                                                         "The white whale"};
    constexpr std::size_t most = 70;  // tokens of a text

    std::cout << "A language model that writes: LlamaWeights::language_model\n\n";
    fact("type", std::string{Model::class_name} + " of " +
                     std::to_string(Model::config.num_hidden_layers) + " layers and " +
                     std::to_string(Model::config.hidden_size) + " channels, " +
                     grouped(Model::num_parameters()) + " parameters in bfloat16");
    check_embedded(entry, "model.safetensors", language_model::model_safetensors());
    const DemoClock::time_point loading = DemoClock::now();
    const Model model = Model{}.from_span(language_model::model_safetensors(),
                                          text_of(language_model::config_json()));
    const auto tokenizer = Tokenizer::from_json(text_of(language_model::tokenizer_json()));
    fact("loaded", bytes_text(language_model::model_safetensors().size()) + " of weights and " +
                       grouped(tokenizer.vocab_size()) + " pieces of words in " +
                       number_text("%.1f ms", milliseconds_since(loading)));
    std::cout << '\n';

    Workspace workspace{1};
    std::size_t tokens = 0;
    std::uint64_t seed = 1;
    bool wrote = true;
    const DemoClock::time_point writing = DemoClock::now();
    for (const std::string_view beginning : beginnings) {
        LineWriter lines;
        lines.write(beginning);
        const GeneratedSequence text = model.generate(
            tokenizer(beginning),
            {.max_new_tokens = most, .temperature = 0.8F, .top_p = 0.9F, .seed = seed++},
            [&](std::string_view piece) {
                lines.write(piece);
                return true;
            },
            {.workspace = &workspace});
        lines.finish();
        tokens += text.new_ids().size();
        wrote = wrote && !text.text.empty();
    }
    std::cout << "  " << tokens << " tokens, "
              << number_text("%.0f",
                             1e3 * static_cast<double>(tokens) / milliseconds_since(writing))
              << " tokens/s in one thread; the same seeds write the same text.\n";
    return wrote;
}

}  // namespace xzoo::cli
