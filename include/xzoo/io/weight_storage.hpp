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
#include "xzoo/simd/parallel.hpp"
#include "xzoo/simd/threads.hpp"

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

/// Brings the values of checkpoints into the forms of parameters, on several threads.
class ParamLoader {
public:
    ParamLoader(const StoredParams& params, std::span<const TensorView* const> sources,
                const LoadOptions& options)
        : options_{options}, threads_{simd::resolve_threads(options.threads)} {
        std::size_t most = 0;
        for (std::size_t i = 0; i < params.size(); ++i) {
            const StoredParam stored = params[i];
            if (stored.is_plain())
                continue;
            const bool by_rows = !sources.empty() && sources[i] && !stored.is_turned();
            most = std::max(most, by_rows ? rows_at_a_time(stored) * stored.in()
                                          : stored.param.shape.elements());
        }
        scratch_ = AlignedBuffer{most};
    }

    /// place: stored.bytes() bytes. source: null: the values are made up.
    void load(const StoredParam& stored, const TensorView* source, float* place) {
        if (source == nullptr) {
            float* const values = stored.is_plain() ? place : scratch_.data();
            initialise(stored.param, options_.seed, {values, stored.param.shape.elements()});
            pack(stored, values, place);
        } else if (stored.is_plain()) {
            convert(*source, place);
        } else if (const float* values = as_floats(*source)) {
            pack(stored, values, place);
        } else if (stored.is_turned()) {
            convert(*source, scratch_.data());
            pack(stored, scratch_.data(), place);
        } else {
            pack_converted(stored, *source, place);
        }
    }

private:
    using Arch = simd::default_arch;

    std::size_t rows_at_a_time(const StoredParam& stored) const {
        return std::min(
            static_cast<std::size_t>(threads_) * simd::format_rows,
            (stored.out() + simd::format_rows - 1) / simd::format_rows * simd::format_rows);
    }
    /// 8 multiply-adds is about what reading and writing one number costs.
    int useful(std::size_t numbers) const noexcept {
        return simd::useful_threads(threads_, 8 * numbers);
    }
    /// A tensor's values where they are, if they are floats on their own boundaries.
    static const float* as_floats(const TensorView& source) noexcept {
        const void* bytes = source.bytes.data();
        const bool fits = source.dtype == Dtype::f32 &&
                          reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) == 0;
        return fits ? static_cast<const float*>(bytes) : nullptr;
    }

    void convert(const TensorView& source, float* values) const noexcept {
        simd::parallel_ranges<Arch>(source.elements(), useful(source.elements()),
                                    [&](std::size_t begin, std::size_t end, std::size_t) {
                                        copy_to_float(source, begin, end - begin, values + begin);
                                    });
    }

    /// Calls f(first, count, thread) for the rows that are packed at a time.
    template <class F>
    void for_rows(const StoredParam& stored, F&& f) const noexcept {
        const std::size_t out = stored.out();
        simd::parallel_ranges<Arch>(
            (out + simd::format_rows - 1) / simd::format_rows, useful(out * stored.in()),
            [&](std::size_t begin, std::size_t end, std::size_t thread) {
                for (std::size_t i = begin; i < end; ++i) {
                    const std::size_t first = i * simd::format_rows;
                    f(first, std::min(simd::format_rows, out - first), thread);
                }
            });
    }

    void pack(const StoredParam& stored, const float* values, float* place) const noexcept {
        if (stored.is_plain()) {
            store_param(stored, values, place);
            return;
        }
        for_rows(stored, [&](std::size_t first, std::size_t count, std::size_t) {
            stored.format->pack_rows(values + first * stored.out_stride(), first, count,
                                     stored.in(), stored.out_stride(), stored.in_stride(), place);
        });
    }

    void pack_converted(const StoredParam& stored, const TensorView& source,
                        float* place) noexcept {
        const std::size_t in = stored.in();
        for_rows(stored, [&](std::size_t first, std::size_t count, std::size_t thread) {
            float* const rows = scratch_.data() + thread * simd::format_rows * in;
            copy_to_float(source, first * in, count * in, rows);
            stored.format->pack_rows(rows, first, count, in, in, 1, place);
        });
    }

    const LoadOptions& options_;
    int threads_;
    AlignedBuffer scratch_;
};

/// sources: one a parameter, null for those to initialise; or none at all.
inline WeightStorage fill_storage(const StoredParams& params,
                                  std::span<const TensorView* const> sources,
                                  const LoadOptions& options) {
    ParamLoader loader{params, sources, options};
    ProgressMeter progress{options, params.bytes()};
    WeightStorage storage;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const StoredParam stored = params[i];
        AlignedBuffer buffer = param_buffer(stored.bytes());
        loader.load(stored, sources.empty() ? nullptr : sources[i], buffer.data());
        storage.data.push_back(buffer.data());
        storage.buffers.push_back(std::move(buffer));
        progress.add(stored.bytes());
    }
    return storage;
}

}  // namespace detail

/// Reads the values that a plan found into new storage; what the checkpoint lacks is initialised,
/// repeatably for one seed. Besides the storage, memory for some rows of a matrix is needed, or for
/// one matrix where it is turned (conv1d) or made up.
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
