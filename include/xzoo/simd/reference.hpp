#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "xzoo/core/activation.hpp"
#include "xzoo/simd/attention_problem.hpp"

/// Every kernel again, as plainly as possible and in double precision: what the tests compare
/// with. Nothing here is fast, and nothing here shares code with the kernels.
namespace xzoo::simd::reference {

/// The activation of one number.
inline double activate(double x, Activation activation) {
    const auto sigmoid = [](double v) { return 1.0 / (1.0 + std::exp(-v)); };
    switch (activation) {
        case Activation::identity:
            return x;
        case Activation::gelu:
            return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
        case Activation::gelu_new:
        case Activation::gelu_pytorch_tanh:
        case Activation::gelu_fast: {
            // 1 + tanh(u) as 2 sigmoid(2 u): no cancellation for negative x
            const double u = std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x);
            return x * sigmoid(2.0 * u);
        }
        case Activation::quick_gelu:
            return x * sigmoid(1.702 * x);
        case Activation::relu:
            return x > 0.0 ? x : 0.0;
        case Activation::silu:
            return x * sigmoid(x);
        case Activation::tanh:
            return std::tanh(x);
        case Activation::sigmoid:
            return sigmoid(x);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/// y (rows, out) = a (rows, in) times the transpose of weight (out, in).
inline std::vector<double> gemm(const float* a, std::size_t rows, std::size_t a_stride,
                                const float* weight, std::size_t out, std::size_t in) {
    std::vector<double> y(rows * out);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t o = 0; o < out; ++o) {
            for (std::size_t i = 0; i < in; ++i)
                y[r * out + o] += double{a[r * a_stride + i]} * double{weight[o * in + i]};
        }
    }
    return y;
}

/// Softmax of one row.
inline std::vector<double> softmax(const std::vector<double>& x) {
    double most = -std::numeric_limits<double>::infinity();
    for (const double v : x)
        most = v > most ? v : most;
    double sum = 0.0;
    std::vector<double> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += y[i] = std::exp(x[i] - most);
    for (double& v : y)
        v /= sum;
    return y;
}

/// Layer normalisation of one row; weight and bias may be null.
inline std::vector<double> layer_norm(const float* x, std::size_t n, const float* weight,
                                      const float* bias, double eps) {
    double mean = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        mean += double{x[i]};
    mean /= static_cast<double>(n);
    double variance = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        variance += (double{x[i]} - mean) * (double{x[i]} - mean);
    variance /= static_cast<double>(n);
    std::vector<double> y(n);
    for (std::size_t i = 0; i < n; ++i) {
        y[i] = (double{x[i]} - mean) / std::sqrt(variance + eps);
        y[i] = y[i] * (weight == nullptr ? 1.0 : double{weight[i]}) +
               (bias == nullptr ? 0.0 : double{bias[i]});
    }
    return y;
}

/// Root mean square normalisation of one row; weight may be null.
inline std::vector<double> rms_norm(const float* x, std::size_t n, const float* weight,
                                    double eps) {
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        squares += double{x[i]} * double{x[i]};
    const double scale = 1.0 / std::sqrt(squares / static_cast<double>(n) + eps);
    std::vector<double> y(n);
    for (std::size_t i = 0; i < n; ++i)
        y[i] = double{x[i]} * scale * (weight == nullptr ? 1.0 : double{weight[i]});
    return y;
}

/// Probabilities of one (batch, head, query), after the head mask. The sum of score and mask is
/// rounded to float and kept at or above the lowest float, as it is in the frameworks: that is
/// what makes scores behind a mask equal.
inline std::vector<double> attention_row(const AttentionProblem& p, std::size_t batch,
                                         std::size_t head, std::size_t query) {
    constexpr double hidden = double{std::numeric_limits<float>::lowest()};
    const std::size_t kv_head = head / (p.heads / p.kv_heads);
    const float* q =
        p.query + batch * p.query_batch_stride + query * p.query_token_stride + head * p.head_dim;
    std::vector<double> scores(p.key_length);
    for (std::size_t k = 0; k < p.key_length; ++k) {
        const float* key =
            p.key + batch * p.key_batch_stride + k * p.key_token_stride + kv_head * p.head_dim;
        for (std::size_t d = 0; d < p.head_dim; ++d)
            scores[k] += double{q[d]} * double{key[d]};
        scores[k] *= double{p.scale};
        if (p.softcap != 0.0F)
            scores[k] = double{p.softcap} * std::tanh(scores[k] / double{p.softcap});
        if (p.alibi.slopes != nullptr)
            scores[k] -= double{p.alibi.scale} * double{p.alibi.slopes[head]} *
                         static_cast<double>(p.key_length - 1 - k);
        if (p.bias != nullptr)
            scores[k] +=
                double{p.bias[head * p.bias_head_stride + query * p.bias_query_stride + k]};
        if (p.mask != nullptr) {
            const double mask =
                double{p.mask[batch * p.mask_batch_stride + query * p.mask_query_stride + k]};
            scores[k] = mask <= hidden / 2 ? hidden : scores[k] + mask;
        }
        if (p.causal && k + p.query_length > query + p.key_length)
            scores[k] = hidden;
        if (p.window != 0 && k + p.query_length + p.window <= query + p.key_length)
            scores[k] = hidden;
    }
    std::vector<double> probabilities = softmax(scores);
    if (p.head_mask != nullptr) {
        for (double& v : probabilities)
            v *= double{p.head_mask[head]};
    }
    return probabilities;
}

/// The output (head_dim,) that belongs to a row of probabilities.
inline std::vector<double> attention_output(const AttentionProblem& p, std::size_t batch,
                                            std::size_t head,
                                            const std::vector<double>& probabilities) {
    const std::size_t kv_head = head / (p.heads / p.kv_heads);
    std::vector<double> y(p.head_dim);
    for (std::size_t k = 0; k < p.key_length; ++k) {
        const float* value = p.value + batch * p.value_batch_stride + k * p.value_token_stride +
                             kv_head * p.head_dim;
        for (std::size_t d = 0; d < p.head_dim; ++d)
            y[d] += probabilities[k] * double{value[d]};
    }
    return y;
}

}  // namespace xzoo::simd::reference
