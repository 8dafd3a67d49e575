#include <tiny.hpp>

#include "everything.hpp"

float second();

/// Runs the model that the build made from config.json.
float second() {
    const auto model = tiny::Model{}.random_init(1);
    const xzoo::EncoderInputs inputs{.input_ids = xt::xtensor<std::uint32_t, 2>{{3, 1, 4}}};
    return model(inputs).last_hidden_state(0, 0, 0);
}
