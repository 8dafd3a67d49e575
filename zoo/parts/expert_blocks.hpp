// Feed-forward blocks of routed experts, for families built like Llama.
#pragma once

#include <array>
#include <cstddef>

#include "zoo/parts/llama_blocks.hpp"

namespace xzoo {

/// A router and the experts among which it chooses. Expert: view(activation) gives its parameters.
template <auto C, class Expert>
struct RoutedExperts {
    static constexpr LlamaShape shape = C.shape();
    using Router = nn::LinearNoBias<shape.experts, shape.hidden>;
    using Experts = std::array<Expert, shape.experts>;
    BOOST_HANA_DEFINE_STRUCT(RoutedExperts, (Router, gate), (Experts, experts));

    /// Refers to this object.
    nn::ExpertsView view(Activation) const {
        return {
            .router = gate.view(),
            .count = shape.experts,
            .chosen = shape.experts_chosen,
            .normalise = shape.experts_normalise,
            .object = this,
            .expert = [](const void* object, std::size_t i) {
                return static_cast<const RoutedExperts*>(object)->experts[i].view(shape.activation);
            }};
    }
};

}  // namespace xzoo
