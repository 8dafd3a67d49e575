// The memory that a model's parameters live in, and how a checkpoint's values get there.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/param.hpp"
#include "xzoo/io/convert.hpp"
#include "xzoo/io/load_options.hpp"
#include "xzoo/io/load_plan.hpp"
#include "xzoo/io/param_layout.hpp"
#include "xzoo/io/random_values.hpp"

namespace xzoo::io {

/// All parameters of a model, each from a cache line on, in the form of store_param.
struct WeightStorage {
    std::vector<AlignedBuffer> buffers;   // one a parameter; empty where it lies in `mapping`
    std::vector<const void*> data;        // one a parameter
    std::shared_ptr<const void> mapping;  // of the packed file that holds them, if one does
};

/// The parameters of a model and their forms; see StoredParam.
struct StoredParams {
    std::span<const ParamInfo> params;
    std::span<const simd::MatrixFormat* const> formats;

    StoredParam operator[](std::size_t i) const { return {params[i], formats[i]}; }
    std::size_t size() const { return params.size(); }
    /// Bytes in memory.
    std::size_t bytes() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < size(); ++i)
            sum += (*this)[i].bytes();
        return sum;
    }
};

namespace detail {

/// Asks for large pages: fewer page faults now, fewer TLB misses in every forward pass. A hint.
inline void advise_large_pages(const AlignedBuffer& buffer) noexcept {
#ifdef MADV_HUGEPAGE
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(buffer.data());
    const std::uintptr_t end = begin + buffer.size() * sizeof(float);
    const std::uintptr_t first = (begin + page - 1) / page * page;
    if (end > first)
        ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#else
    static_cast<void>(buffer);
#endif
}

/// Memory for one parameter.
inline AlignedBuffer param_buffer(std::size_t bytes) {
    AlignedBuffer buffer{(bytes + sizeof(float) - 1) / sizeof(float)};
    advise_large_pages(buffer);
    return buffer;
}

/// What a parameter starts with that no checkpoint gave a value: norms keep their input as it is,
/// biases are 0, everything else is N(0, 0.02), the initializer_range of these families.
inline void initialise(const ParamInfo& param, std::uint64_t seed, std::span<float> values) {
    constexpr float initializer_range = 0.02F;
    const bool is_norm = param.shape.rank == 1 && param.name.ends_with("weight");
    if (param.shape.rank > 1)
        NormalStream{seed, param.name}.fill(values, initializer_range);
    else
        std::fill(values.begin(), values.end(), is_norm ? 1.0F : 0.0F);
}

/// Reports bytes done now and then, not for every little bias.
class ProgressMeter {
public:
    ProgressMeter(const LoadOptions& options, std::size_t total)
        : options_{options}, total_{total} {}
    void add(std::size_t bytes) {
        constexpr std::size_t step = std::size_t{1} << 22U;
        done_ += bytes;
        if (!options_.progress || (done_ < reported_ + step && done_ < total_))
            return;
        reported_ = done_;
        options_.progress(done_, total_);
    }

private:
    const LoadOptions& options_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t reported_ = 0;
};

/// sources: one a parameter, null for those to initialise; or none at all.
inline WeightStorage fill_storage(const StoredParams& params,
                                  std::span<const TensorView* const> sources,
                                  const LoadOptions& options) {
    std::size_t largest = 0;  // numbers of the parameters that change their form
    for (std::size_t i = 0; i < params.size(); ++i)
        if (!params[i].is_plain())
            largest = std::max(largest, params.params[i].shape.elements());
    AlignedBuffer scratch{largest};
    ProgressMeter progress{options, params.bytes()};
    WeightStorage storage;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const StoredParam stored = params[i];
        AlignedBuffer buffer = param_buffer(stored.bytes());
        float* const values = stored.is_plain() ? buffer.data() : scratch.data();
        if (!sources.empty() && sources[i] != nullptr)
            copy_to_float(*sources[i], values);
        else
            initialise(stored.param, options.seed, {values, stored.param.shape.elements()});
        store_param(stored, values, buffer.data());
        storage.data.push_back(buffer.data());
        storage.buffers.push_back(std::move(buffer));
        progress.add(stored.bytes());
    }
    return storage;
}

}  // namespace detail

/// Reads the values that a plan found into new storage; what the checkpoint lacks is initialised,
/// repeatably for one seed. Besides the storage, memory for one matrix is needed.
/// Errors  std::bad_alloc; whatever options.progress throws.
inline WeightStorage build_storage(const StoredParams& params, const LoadPlan& plan,
                                   const LoadOptions& options) {
    return detail::fill_storage(params, plan.sources, options);
}

/// Storage whose values all depend on the seed only: for benchmarks and tests.
/// Errors  std::bad_alloc.
inline WeightStorage init_storage(const StoredParams& params, std::uint64_t seed) {
    LoadOptions options;
    options.seed = seed;
    return detail::fill_storage(params, {}, options);
}

/// The same parameters in other forms. With `release`, each parameter's old memory is given back as
/// soon as it is converted: not much more memory is needed than for the larger of both.
/// Errors  std::bad_alloc; with `release`, `old` is then lost.
inline WeightStorage convert_storage(const StoredParams& from, WeightStorage& old,
                                     std::span<const simd::MatrixFormat* const> formats,
                                     bool release) {
    std::size_t widest = 0;  // inputs
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from.formats[i] != nullptr)
            widest = std::max(widest, from[i].in());
    AlignedBuffer rows{simd::format_rows * widest};
    const StoredParams to{from.params, formats};
    // What shrinks begins with the smallest and what grows with the largest, so that both forms of
    // a large parameter never stand beside all of the others.
    std::vector<std::size_t> order(from.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&, grows = to.bytes() > from.bytes()](auto a, auto b) {
        return grows ? from[b].bytes() < from[a].bytes() : from[a].bytes() < from[b].bytes();
    });
    WeightStorage storage;
    storage.buffers.resize(from.size());
    storage.data.resize(from.size());
    for (const std::size_t i : order) {
        storage.buffers[i] = detail::param_buffer(to[i].bytes());
        storage.data[i] = storage.buffers[i].data();
        convert_param(from[i], old.data[i], formats[i], storage.buffers[i].data(), rows.data());
        if (release)
            old.buffers[i] = AlignedBuffer{};
    }
    return storage;
}

}  // namespace xzoo::io
