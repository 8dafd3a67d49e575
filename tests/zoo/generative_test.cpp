// The mixin that lets a model write.
#include "zoo/parts/generative.hpp"

#include <string>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"

using namespace xzoo;
using test::MarkovModel;
using test::Tokens;

namespace {

class Writer : public Generative<Writer> {
public:
    explicit Writer(std::string generation_json) : generation_json_{std::move(generation_json)} {}

    MarkovModel language_model() const { return MarkovModel{}; }
    std::string config_json() const { return ""; }
    const std::string& generation_json() const { return generation_json_; }

private:
    std::string generation_json_;
};

std::size_t length_of(const Writer& writer, const GenerationConfig& settings,
                      const GenerationConfig& model_config) {
    const std::vector<Tokens> prompts{{1, 2}};
    return writer.generate(prompts, settings, {.model_config = model_config})
        .sequences[0]
        .ids.size();
}

}  // namespace

TEST_CASE("settings win over the caller's model_config, and that over the file", "[zoo]") {
    const Writer writer{R"({"max_new_tokens": 3})"};
    CHECK(length_of(writer, {}, {}) == 5);
    CHECK(length_of(writer, {}, {.max_length = 10}) == 10);
    CHECK(length_of(writer, {}, {.max_new_tokens = 4}) == 6);
    CHECK(length_of(writer, {.max_length = 8}, {.max_new_tokens = 4}) == 8);
    CHECK(length_of(writer, {.max_new_tokens = 1}, {.max_length = 10}) == 3);
}
