#include "xzoo/io/weight_storage.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/simd/arch.hpp"

using xzoo::Dtype;
using xzoo::ParamInfo;
using xzoo::ParamKind;
using xzoo::Precision;
using xzoo::io::copy_to_float;
using xzoo::io::TensorView;
using xzoo::simd::MatrixFormat;

namespace {

using Arch = xzoo::simd::default_arch;

/// The value of a half by its definition: sign, 5 bits of exponent, 10 of fraction.
float half_by_definition(std::uint16_t half) {
    const unsigned exponent = half >> 10U & 31U;
    const unsigned fraction = half & 1023U;
    const float sign = (half & 0x8000U) != 0 ? -1.0F : 1.0F;
    if (exponent == 31)
        return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                             : sign * std::numeric_limits<float>::infinity();
    const float significand = static_cast<float>(fraction) + (exponent > 0 ? 1024.0F : 0.0F);
    return sign * std::ldexp(significand, static_cast<int>(exponent > 0 ? exponent : 1) - 25);
}

const MatrixFormat* format_of(const ParamInfo& param) {
    const bool narrow = param.precision == Precision::bf16;
    if (param.kind == ParamKind::plain)
        return nullptr;
    if (param.kind == ParamKind::embedding)
        return narrow ? &xzoo::simd::table_format<Precision::bf16>
                      : &xzoo::simd::table_format<Precision::f32>;
    return narrow ? &xzoo::simd::matrix_format<Arch, Precision::bf16>
                  : &xzoo::simd::matrix_format<Arch, Precision::f32>;
}

std::vector<const MatrixFormat*> formats_of(const std::vector<ParamInfo>& params) {
    std::vector<const MatrixFormat*> formats;
    for (const ParamInfo& param : params)
        formats.push_back(format_of(param));
    return formats;
}

std::vector<float> fetched(const ParamInfo& param, const void* place) {
    std::vector<float> values(param.shape.elements());
    xzoo::io::fetch_param({param, format_of(param)}, place, values.data());
    return values;
}

}  // namespace

TEST_CASE("all halves convert to their values", "[io]") {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float expected = half_by_definition(half);
        const float found = xzoo::Float16{half};
        const bool same = std::isnan(expected) ? std::isnan(found)
                                               : std::bit_cast<std::uint32_t>(found) ==
                                                     std::bit_cast<std::uint32_t>(expected);
        if (!same)
            FAIL("half " << bits << " gave " << found << " instead of " << expected);
    }
}

TEST_CASE("tensors convert from any address", "[io]") {
    const std::vector<std::size_t> shape{2, 3};
    const std::vector<float> expected{0.0F, 1.0F, -2.5F, 0.125F, 65504.0F, -0.0F};
    const std::vector<std::uint16_t> halves{0x0000, 0x3c00, 0xc100, 0x3000, 0x7bff, 0x8000};
    const auto check = [&](Dtype dtype, const void* data, std::size_t size) {
        INFO(xzoo::name(dtype));
        for (std::size_t shift = 0; shift < 8; ++shift) {
            std::vector<std::byte> memory(shift + size);
            std::memcpy(memory.data() + shift, data, size);
            std::vector<float> out(6, 99.0F);
            copy_to_float({"t", dtype, shape, std::span{memory}.subspan(shift)}, out.data());
            CHECK(out == expected);
        }
    };
    const std::vector<double> doubles{expected.begin(), expected.end()};
    check(Dtype::f32, expected.data(), 6 * sizeof(float));
    check(Dtype::f64, doubles.data(), 6 * sizeof(double));
    check(Dtype::f16, halves.data(), 6 * sizeof(std::uint16_t));
    std::vector<std::uint16_t> upper;
    for (const float value : {0.0F, 1.0F, -2.5F, 0.125F, 65536.0F, -0.0F})
        upper.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U));
    std::vector<float> out(6);
    copy_to_float({"t", Dtype::bf16, shape, std::as_bytes(std::span{upper})}, out.data());
    CHECK(out == std::vector<float>{0.0F, 1.0F, -2.5F, 0.125F, 65536.0F, -0.0F});
    const std::vector<std::size_t> empty{0, 3};
    copy_to_float({"t", Dtype::f32, empty, {}}, out.data());  // nothing to copy from
}

TEST_CASE("storage holds every parameter on a cache line, matrices packed", "[io]") {
    const std::vector<ParamInfo> params{
        {"table", {5, 3}, ParamKind::embedding},
        {"dense.weight", {7, 5}, ParamKind::matrix},
        {"dense.bias", {7}, ParamKind::plain},
        {"scalar", {}, ParamKind::plain},
        {"conv.weight", {5, 7}, ParamKind::conv1d},
        {"words", {5, 7}, ParamKind::vocabulary},
        {"narrow", {5, 7}, ParamKind::conv1d, Precision::bf16},
        {"narrow_table", {5, 7}, ParamKind::embedding, Precision::bf16}};
    std::vector<xzoo::test::CountingTensor> tensors;
    std::vector<TensorView> views;
    float first = 0.0F;  // small enough for every value to be a bfloat16
    for (const ParamInfo& param : params) {
        const auto& dims = param.shape.dims;
        tensors.push_back({std::string{param.name},
                           {dims.begin(), dims.begin() + param.shape.rank},
                           first += 10.0F});
    }
    for (const xzoo::test::CountingTensor& tensor : tensors)
        views.push_back(
            {tensor.name, Dtype::f32, tensor.shape, std::as_bytes(std::span{tensor.values})});
    xzoo::io::LoadPlan plan;
    for (const TensorView& tensor : views)
        plan.sources.push_back(&tensor);
    std::size_t done = 0;
    std::size_t total = 0;
    xzoo::io::LoadOptions options;
    options.progress = [&](std::size_t bytes, std::size_t all) {
        CHECK(bytes >= done);
        done = bytes;
        total = all;
    };
    const std::vector<const MatrixFormat*> formats = formats_of(params);
    const xzoo::io::WeightStorage storage =
        xzoo::io::build_storage({params, formats}, plan, options);
    REQUIRE(storage.data.size() == params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
        INFO(params[i].name);
        CHECK(reinterpret_cast<std::uintptr_t>(storage.data[i]) % xzoo::alignment_bytes == 0);
        CHECK(fetched(params[i], storage.data[i]) == tensors[i].values);
    }
    CHECK(done > 0);
    CHECK(done == total);
}

TEST_CASE("values arrive the same from every address and on any number of threads", "[io]") {
    // Large enough to be shared among threads, with a last strip that is not full.
    const std::vector<ParamInfo> params{
        {"table", {901, 70}, ParamKind::embedding},
        {"dense.weight", {901, 70}, ParamKind::matrix},
        {"turned.weight", {70, 901}, ParamKind::conv1d},
        {"narrow.weight", {901, 70}, ParamKind::matrix, Precision::bf16}};
    const std::vector<const MatrixFormat*> formats = formats_of(params);
    std::vector<float> floats;
    std::vector<std::uint16_t> upper;  // the same numbers in bfloat16
    for (std::uint32_t i = 0; i < 901 * 70; ++i) {
        upper.push_back(static_cast<std::uint16_t>(0x3f00U + i * 7919U % 0x200U));
        floats.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(upper.back()) << 16U));
    }
    for (const Dtype dtype : {Dtype::f32, Dtype::bf16}) {
        const std::span<const std::byte> bytes = dtype == Dtype::f32
                                                     ? std::as_bytes(std::span{floats})
                                                     : std::as_bytes(std::span{upper});
        for (const std::size_t shift : {0U, 1U, 4U}) {
            std::vector<std::byte> memory(shift + bytes.size());
            std::memcpy(memory.data() + shift, bytes.data(), bytes.size());
            std::vector<std::vector<std::size_t>> shapes;
            for (const ParamInfo& param : params)
                shapes.push_back({param.shape[0], param.shape[1]});
            std::vector<TensorView> views;
            for (std::size_t i = 0; i < params.size(); ++i)
                views.push_back(
                    {params[i].name, dtype, shapes[i], std::span{memory}.subspan(shift)});
            std::vector<const TensorView*> sources;
            for (const TensorView& view : views)
                sources.push_back(&view);
            for (const int threads : {1, 2, 5}) {
                INFO(xzoo::name(dtype) << " at " << shift << " on " << threads << " threads");
                xzoo::io::LoadOptions options;
                options.threads = threads;
                const auto storage =
                    xzoo::io::detail::fill_storage({params, formats}, sources, options);
                for (std::size_t i = 0; i < params.size(); ++i)
                    REQUIRE(fetched(params[i], storage.data[i]) == floats);
            }
        }
    }
}

TEST_CASE("initial values depend on the seed and the name only", "[io]") {
    const std::vector<ParamInfo> params{{"dense.weight", {70, 50}, ParamKind::matrix},
                                        {"norm.weight", {7}, ParamKind::plain},
                                        {"norm.bias", {7}, ParamKind::plain}};
    const std::vector<const MatrixFormat*> formats = formats_of(params);
    const auto first = xzoo::io::init_storage({params, formats}, 1);
    const auto again = xzoo::io::init_storage({params, formats}, 1);
    const auto other = xzoo::io::init_storage({params, formats}, 2);
    const auto last_only =
        xzoo::io::init_storage({std::span{params}.first(1), std::span{formats}.first(1)}, 1);
    const std::vector<float> values = fetched(params[0], first.data[0]);
    CHECK(values == fetched(params[0], again.data[0]));
    CHECK(values != fetched(params[0], other.data[0]));
    CHECK(values == fetched(params[0], last_only.data[0]));
    CHECK(fetched(params[1], first.data[1]) == std::vector<float>(7, 1.0F));
    CHECK(fetched(params[2], first.data[2]) == std::vector<float>(7, 0.0F));
}

TEST_CASE("parameters are converted from form to form", "[io]") {
    // More rows than are converted at a time, and widths that are no multiple of a panel's.
    const std::vector<ParamInfo> params{{"dense.weight", {200, 37}, ParamKind::matrix},
                                        {"conv.weight", {37, 200}, ParamKind::conv1d},
                                        {"words", {200, 37}, ParamKind::vocabulary},
                                        {"table", {200, 37}, ParamKind::embedding},
                                        {"bias", {200}, ParamKind::plain}};
    std::vector<ParamInfo> narrow = params;
    for (ParamInfo& param : narrow)
        if (param.kind != ParamKind::plain)
            param.precision = Precision::bf16;
    const auto wide_formats = formats_of(params);
    const auto narrow_formats = formats_of(narrow);
    auto original = xzoo::io::init_storage({params, wide_formats}, 1);
    const bool release = GENERATE(false, true);
    std::vector<std::vector<float>> values;
    for (std::size_t i = 0; i < params.size(); ++i)
        values.push_back(fetched(params[i], original.data[i]));
    auto rounded =
        xzoo::io::convert_storage({params, wide_formats}, original, narrow_formats, release);
    const auto back =
        xzoo::io::convert_storage({narrow, narrow_formats}, rounded, wide_formats, release);
    for (std::size_t i = 0; i < params.size(); ++i) {
        INFO(params[i].name);
        CHECK((original.buffers[i].size() == 0) == release);
        for (float& value : values[i])
            if (params[i].kind != ParamKind::plain)
                value = xzoo::BFloat16::from(value);
        CHECK(fetched(params[i], back.data[i]) == values[i]);
    }
}

TEST_CASE("initial values are normally distributed", "[io]") {
    std::vector<float> values(1'000'000);
    xzoo::io::NormalStream{7, "x"}.fill(values, 1.0F);
    double sum = 0, squares = 0, cubes = 0, fourths = 0;
    std::size_t beyond[5]{};  // |value| > 0, 1, 2, 3, 4
    for (const float value : values) {
        const double x = value;
        sum += x;
        squares += x * x;
        cubes += x * x * x;
        fourths += x * x * x * x;
        for (std::size_t k = 0; k < 5; ++k)
            beyond[k] += std::abs(x) > static_cast<double>(k) ? 1U : 0U;
    }
    const double n = static_cast<double>(values.size());  // bounds: five standard errors
    CHECK(std::abs(sum / n) < 5 * std::sqrt(1 / n));
    CHECK(std::abs(squares / n - 1) < 5 * std::sqrt(2 / n));
    CHECK(std::abs(cubes / n) < 5 * std::sqrt(15 / n));
    CHECK(std::abs(fourths / n - 3) < 5 * std::sqrt(96 / n));
    for (std::size_t k = 1; k < 5; ++k) {
        const double p = std::erfc(static_cast<double>(k) / std::sqrt(2.0));
        CHECK(std::abs(static_cast<double>(beyond[k]) / n - p) < 5 * std::sqrt(p * (1 - p) / n));
    }
}
