#include "runner.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstring>

#include "temp_folder.hpp"
#include "xzoo/io/checkpoint.hpp"

namespace xzoo::golden {

namespace {

template <class T>
void widen(const std::byte* bytes, xt::xarray<double>& to) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        T value{};
        std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
        to.data()[i] = static_cast<double>(value);
    }
}

xt::xarray<double> read(const io::TensorView& tensor) {
    xt::xarray<double> values;
    values.resize(std::vector<std::size_t>(tensor.shape.begin(), tensor.shape.end()));
    if (tensor.dtype == Dtype::f32)
        widen<float>(tensor.bytes.data(), values);
    else if (tensor.dtype == Dtype::i64)
        widen<std::int64_t>(tensor.bytes.data(), values);
    else
        FAIL("golden.safetensors: " << tensor.name << " is " << name(tensor.dtype));
    return values;
}

}  // namespace

Case::Case(const std::filesystem::path& folder) {
    const io::Checkpoint file = io::Checkpoint::open(folder / "golden.safetensors");
    for (const io::TensorView& tensor : file.tensors())
        tensors_[std::string{tensor.name}] = read(tensor);
    if (!std::filesystem::exists(folder / "golden.json"))
        return;
    const boost::json::value parsed = boost::json::parse(test::read_file(folder / "golden.json"));
    for (const auto& [key, value] : parsed.as_object())
        if (value.is_int64())
            counts_[std::string{key}] = static_cast<std::size_t>(value.as_int64());
}

const xt::xarray<double>& Case::at(const std::string& name) const {
    return tensors_.at(name);
}

std::vector<std::string> Case::names(const std::string& prefix) const {
    std::vector<std::string> found;
    for (const auto& [name, tensor] : tensors_)
        if (name.rfind(prefix, 0) == 0)
            found.push_back(name);
    return found;
}

std::size_t Case::count(const std::string& key) const {
    return counts_.at(key);
}

bool Case::is_token(std::size_t batch, std::size_t position) const {
    const auto mask = tensors_.find("input.attention_mask");
    if (mask == tensors_.end())
        return true;
    const std::size_t length = mask->second.shape().back();
    return mask->second.data()[batch * length + position] != 0.0;
}

void Case::compare(const std::string& name, const float* found,
                   const std::vector<std::size_t>& shape) {
    const std::string key = "output." + name;
    INFO(key);
    REQUIRE(has(key));
    const xt::xarray<double>& expected = at(key);
    REQUIRE(shape == std::vector<std::size_t>(expected.shape().begin(), expected.shape().end()));
    const std::size_t length = at("input.input_ids").shape().back();
    const bool per_token = shape.size() >= 2 && shape[1] == length && name != "attentions";
    const bool attention = name.rfind("attentions.", 0) == 0;
    double largest = 0.0;
    for (const double value : expected)
        largest = std::max(largest, std::abs(value));
    const double limit = 2e-5 * (1.0 + largest);
    const std::size_t row = shape.size() > 1 ? expected.size() / shape[0] : 1;
    std::size_t compared = 0;
    double worst = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::size_t batch = i / row;
        if (attention && !is_token(batch, i / length % length))
            continue;  // the row of a padding query
        if (!attention && per_token && !is_token(batch, i % row / (row / length)))
            continue;
        const double error = std::abs(double{found[i]} - expected.data()[i]);
        worst = std::isnan(error) ? INFINITY : std::max(worst, error);
        ++compared;
    }
    INFO("largest error " << worst << ", limit " << limit << ", values compared " << compared);
    CHECK(compared > 0);
    CHECK(worst <= limit);
    compared_.push_back(key);
}

void Case::compare_ids(const std::string& name, const xt::xtensor<std::uint32_t, 2>& found) {
    const xt::xarray<double>& expected = at(name);
    REQUIRE(expected.dimension() == 2);
    CHECK(found.shape(0) == expected.shape(0));
    CHECK(found.shape(1) == expected.shape(1));
    const std::vector<double> wanted(expected.begin(), expected.end());
    CHECK(std::vector<double>(found.begin(), found.end()) == wanted);
    compared_.push_back(name);
}

void Case::finish() const {
    for (const char* prefix : {"output.", "generate."})
        for (const std::string& key : names(prefix)) {
            if (key == "generate.input_ids")
                continue;
            INFO(key << " of the oracle was not compared");
            CHECK(std::find(compared_.begin(), compared_.end(), key) != compared_.end());
        }
}

GenerationConfig generation_settings(const std::string& name) {
    GenerationConfig settings{.max_new_tokens = 24, .do_sample = false, .pad_token_id = 0};
    if (name.find("repetition_penalty_1.3") != std::string::npos)
        settings.repetition_penalty = 1.3F;
    if (name.find("no_repeat_ngram_2") != std::string::npos)
        settings.no_repeat_ngram_size = 2;
    if (name.find("beam_4") != std::string::npos)
        settings.num_beams = 4;
    if (name.find("length_penalty_2") != std::string::npos)
        settings.length_penalty = 2.0F;
    return settings;
}

}  // namespace xzoo::golden
