// Matrix products on one thread beside oneDNN, which has packed its weights beforehand as xzoo has.
//
// Every iteration runs xzoo's product, oneDNN's and the multiplications alone. xzoo takes floats
// and brings them into the form of the precision within its time; oneDNN gets its inputs ready:
// floats, bfloat16 numbers, or unsigned bytes, whose products with signed bytes it adds up in 32
// bits. All numbers are small integers, so that every sum is exact in every precision, and the
// results are compared bit by bit before anything is timed. The counters are medians over the
// iterations:
//   GOP/s   of xzoo     of_peak   its share of the multiplications' rate
//   onednn  GOP/s       vs_onednn how many times faster xzoo is
#include <benchmark/benchmark.h>
#include <omp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <vector>

#include "../kernels/limits.hpp"
#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/simd/gemm.hpp"
#include "xzoo/simd/packed.hpp"

namespace {

using namespace xzoo::bench;
using dnnl::memory;
using xzoo::AlignedBuffer;
using xzoo::Precision;

/// Integers from `low` to 7, and 127 at the begin of every row: the scale of its bytes is 1.
std::vector<float> integers(std::size_t rows, std::size_t n, int low) {
    std::vector<float> values(rows * n);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = i % n == 0
                        ? 127.0F
                        : static_cast<float>(static_cast<int>((i * 2654435761U >> 7U) %
                                                              static_cast<unsigned>(8 - low)) +
                                             low);
    return values;
}

constexpr memory::data_type inputs_of(Precision p) {
    return p == Precision::f32    ? memory::data_type::f32
           : p == Precision::bf16 ? memory::data_type::bf16
                                  : memory::data_type::u8;
}
constexpr memory::data_type weights_of(Precision p) {
    return p == Precision::i8 ? memory::data_type::s8 : inputs_of(p);
}

/// y (rows, out) = a (rows, in) times the transpose of weight (out, in), by oneDNN.
class DnnlProduct {
public:
    DnnlProduct(Precision p, std::vector<float>& a, std::vector<float>& weight, std::size_t rows,
                std::size_t out, std::size_t in)
        : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
        using tag = memory::format_tag;
        const auto m = static_cast<memory::dim>(rows);
        const auto n = static_cast<memory::dim>(out);
        const auto k = static_cast<memory::dim>(in);
        const bool bytes = p == Precision::i8;
        const auto sums = bytes ? memory::data_type::s32 : memory::data_type::f32;
        const dnnl::matmul::primitive_desc wanted{
            dnnl::matmul::desc{{{m, k}, inputs_of(p), tag::ab},
                               {{k, n}, weights_of(p), tag::any},
                               {{m, n}, sums, tag::ab}},
            engine_};
        inputs_ = converted({{m, k}, memory::data_type::f32, tag::ab}, wanted.src_desc(), a);
        weights_ =
            converted({{k, n}, memory::data_type::f32, tag::ba}, wanted.weights_desc(), weight);
        results_ = memory{wanted.dst_desc(), engine_};
        product_ = dnnl::matmul{wanted};
    }

    void multiply() {
        product_.execute(
            stream_,
            {{DNNL_ARG_SRC, inputs_}, {DNNL_ARG_WEIGHTS, weights_}, {DNNL_ARG_DST, results_}});
        stream_.wait();
    }
    float result(std::size_t i) const {
        if (results_.get_desc().data_type() == memory::data_type::s32)
            return static_cast<float>(
                static_cast<const std::int32_t*>(results_.get_data_handle())[i]);
        return static_cast<const float*>(results_.get_data_handle())[i];
    }

private:
    memory converted(const memory::desc& from, const memory::desc& to, std::vector<float>& values) {
        memory source{from, engine_, values.data()};
        memory result{to, engine_};
        dnnl::reorder{source, result}.execute(stream_, source, result);
        stream_.wait();
        return result;
    }

    dnnl::engine engine_;
    dnnl::stream stream_;
    memory inputs_, weights_, results_;
    dnnl::matmul product_;
};

template <Precision P>
void product(benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto out = static_cast<std::size_t>(state.range(1));
    const auto in = static_cast<std::size_t>(state.range(2));
    std::vector<float> a = integers(rows, in, 0);
    std::vector<float> weight = integers(out, in, -7);
    AlignedBuffer packed{xzoo::simd::packed_bytes<default_arch, P>(out, in) / sizeof(float)};
    xzoo::simd::pack_rows<default_arch, P>(weight.data(), 0, out, in, in, 1, packed.data());
    AlignedBuffer y{rows * out};
    AlignedBuffer scratch{xzoo::simd::gemm_scratch<default_arch, P>(rows, in) + 1};
    const auto ours = [&] {
        xzoo::simd::gemm<default_arch, P>(a.data(), rows, in, packed.data(), out, in, y.data(), out,
                                          {}, scratch.data(), 1);
    };
    DnnlProduct theirs{P, a, weight, rows, out, in};
    ours();
    theirs.multiply();
    for (std::size_t i = 0; i < rows * out; ++i)
        if (y.data()[i] != theirs.result(i))
            return state.SkipWithError("xzoo and oneDNN disagree");
    std::vector<double> times;
    std::vector<double> rivals;
    std::vector<double> peaks;
    for (auto _ : state) {
        peaks.push_back(1.0 / limit<P>(rows));
        times.push_back(seconds(ours));
        rivals.push_back(seconds([&] { theirs.multiply(); }));
        state.SetIterationTime(times.back());
    }
    const double work = 2.0 * static_cast<double>(rows * out * in);
    state.counters["GOP/s"] = work / median(times) * 1e-9;
    state.counters["of_peak"] = work / median(times) * median(peaks);
    state.counters["onednn"] = work / median(rivals) * 1e-9;
    state.counters["vs_onednn"] = median(rivals) / median(times);
}

void shapes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"rows", "out", "in"})->UseManualTime();
    for (const auto& [rows, out, in] : std::vector<std::array<int, 3>>{{128, 768, 768},
                                                                       {128, 3072, 768},
                                                                       {128, 768, 3072},
                                                                       {1024, 768, 768},
                                                                       {512, 2048, 2048},
                                                                       {37, 100, 203}})
        b->Args({rows, out, in});
}

BENCHMARK_TEMPLATE(product, Precision::f32)->Name("product/f32")->Apply(shapes);
BENCHMARK_TEMPLATE(product, Precision::bf16)->Name("product/bf16")->Apply(shapes);
BENCHMARK_TEMPLATE(product, Precision::i8)->Name("product/i8")->Apply(shapes);

}  // namespace

int main(int argc, char** argv) {
    omp_set_num_threads(1);
    return run_benchmarks(argc, argv);
}
