// A whole encoder against the same encoder in plain double precision, with sizes that no vector's
// width divides.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nn/random_model.hpp"
#include "xzoo/simd/reference.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

using Rows = std::vector<double>;  // (tokens, channels)

/// BERT as its paper has it, for one sequence.
class PlainBert {
public:
    explicit PlainBert(const RandomModel<SmallBert>& weights) : weights_{weights} {}

    Rows hidden_states(std::span<const std::uint32_t> ids) const {
        const auto& words = weights_.values("embeddings.word_embeddings.weight");
        const auto& positions = weights_.values("embeddings.position_embeddings.weight");
        const auto& types = weights_.values("embeddings.token_type_embeddings.weight");
        Rows x;
        for (std::size_t t = 0; t < ids.size(); ++t)
            for (std::size_t i = 0; i < size; ++i)
                x.push_back(double{words[ids[t] * size + i]} + double{positions[t * size + i]} +
                            double{types[i]});
        x = norm(x, "embeddings.LayerNorm");
        for (std::size_t layer = 0; layer < small_bert.num_hidden_layers; ++layer) {
            const std::string name = "encoder.layer." + std::to_string(layer) + '.';
            x = norm(sum(x, linear(attention(x, name + "attention.self."),
                                   name + "attention.output.dense")),
                     name + "attention.output.LayerNorm");
            Rows inner = linear(x, name + "intermediate.dense");
            for (double& value : inner)
                value = simd::reference::activate(value, Activation::gelu);
            x = norm(sum(x, linear(inner, name + "output.dense")), name + "output.LayerNorm");
        }
        return x;
    }

private:
    static constexpr std::size_t size = small_bert.hidden_size;
    static constexpr std::size_t heads = small_bert.num_attention_heads;
    static constexpr std::size_t head_dim = size / heads;

    static Rows sum(Rows a, const Rows& b) {
        std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>{});
        return a;
    }

    Rows linear(const Rows& x, const std::string& name) const {
        const auto& weight = weights_.values(name + ".weight");  // (out, in)
        const auto& bias = weights_.values(name + ".bias");
        const std::size_t in = weight.size() / bias.size();
        Rows y;
        for (std::size_t row = 0; row < x.size() / in; ++row)
            for (std::size_t out = 0; out < bias.size(); ++out) {
                double value = double{bias[out]};
                for (std::size_t i = 0; i < in; ++i)
                    value += x[row * in + i] * double{weight[out * in + i]};
                y.push_back(value);
            }
        return y;
    }

    Rows norm(Rows x, const std::string& name) const {
        const auto& weight = weights_.values(name + ".weight");
        const auto& bias = weights_.values(name + ".bias");
        for (std::size_t row = 0; row < x.size(); row += size) {
            double mean = 0.0;
            double variance = 0.0;
            for (std::size_t i = 0; i < size; ++i)
                mean += x[row + i] / static_cast<double>(size);
            for (std::size_t i = 0; i < size; ++i)
                variance += (x[row + i] - mean) * (x[row + i] - mean) / static_cast<double>(size);
            for (std::size_t i = 0; i < size; ++i)
                x[row + i] = (x[row + i] - mean) /
                                 std::sqrt(variance + double{small_bert.layer_norm_eps}) *
                                 double{weight[i]} +
                             double{bias[i]};
        }
        return x;
    }

    Rows attention(const Rows& x, const std::string& name) const {
        const Rows query = linear(x, name + "query");
        const Rows key = linear(x, name + "key");
        const Rows value = linear(x, name + "value");
        const std::size_t tokens = x.size() / size;
        Rows y(x.size());
        for (std::size_t head = 0; head < size; head += head_dim)
            for (std::size_t q = 0; q < tokens; ++q) {
                std::vector<double> scores(tokens);
                for (std::size_t k = 0; k < tokens; ++k)
                    for (std::size_t i = head; i < head + head_dim; ++i)
                        scores[k] += query[q * size + i] * key[k * size + i] /
                                     std::sqrt(static_cast<double>(head_dim));
                const std::vector<double> shares = simd::reference::softmax(scores);
                for (std::size_t k = 0; k < tokens; ++k)
                    for (std::size_t i = head; i < head + head_dim; ++i)
                        y[q * size + i] += shares[k] * value[k * size + i];
            }
        return y;
    }

    const RandomModel<SmallBert>& weights_;
};

}  // namespace

TEST_CASE("an encoder of odd sizes equals a plain one in double precision", "[nn][encoder]") {
    const RandomModel<SmallBert> model;
    const PlainBert plain{model};
    for (const std::size_t length : {1U, 2U, 7U, 17U, 33U, 90U}) {
        EncoderInputs inputs;
        inputs.input_ids.resize({1, length});
        for (std::size_t t = 0; t < length; ++t)
            inputs.input_ids(0, t) = static_cast<std::uint32_t>((t * 97 + 210) % 211);
        const Rows exact = plain.hidden_states({inputs.input_ids.data(), inputs.input_ids.size()});
        const std::vector<float> expected(exact.begin(), exact.end());
        float largest = 0.0F;
        for (const float value : expected)
            largest = std::max(largest, std::abs(value));
        const auto found = model.run(inputs).last_hidden_state;
        INFO(length << " tokens");
        require_close({found.data(), found.size()}, expected, 2e-5 * (1.0 + double{largest}));
    }
}
