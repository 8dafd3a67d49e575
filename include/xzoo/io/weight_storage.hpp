// The memory that a model's parameters live in, and how a checkpoint's values get there.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/param.hpp"
#include "xzoo/io/convert.hpp"
#include "xzoo/io/load_options.hpp"
#include "xzoo/io/load_plan.hpp"
#include "xzoo/io/param_layout.hpp"
#include "xzoo/io/random_values.hpp"

namespace xzoo::io {

/// All parameters of a model in one block, each from a cache line on, in the form of store_param.
struct WeightStorage {
    AlignedBuffer buffer;
    std::vector<const void*> data;  // one a parameter
};

namespace detail {

/// What storage needs of an architecture.
struct ParamForm {
    std::size_t (*bytes)(const ParamInfo& param) noexcept;
    void (*store)(const ParamInfo& param, const float* values, void* place) noexcept;
};
template <class Arch>
inline constexpr ParamForm form_of{stored_bytes<Arch>, store_param<Arch>};

/// Lays out the block: every parameter's place, in the order of the table.
struct StorageLayout {
    std::vector<std::size_t> offsets;  // floats
    std::size_t floats = 0;
    std::size_t scratch = 0;  // elements of the largest parameter that changes its form

    StorageLayout(std::span<const ParamInfo> params, const ParamForm& form) {
        offsets.reserve(params.size());
        for (const ParamInfo& param : params) {
            offsets.push_back(floats);
            floats += padded((form.bytes(param) + sizeof(float) - 1) / sizeof(float));
            if (!is_stored_plainly(param))
                scratch = std::max(scratch, param.shape.elements());
        }
    }
};

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
    ProgressMeter(const LoadOptions& options, const StorageLayout& layout)
        : options_{options}, total_{layout.floats * sizeof(float)} {}
    void at(std::size_t floats) {
        constexpr std::size_t step = std::size_t{1} << 22U;
        const std::size_t done = floats * sizeof(float);
        if (!options_.progress || (done < reported_ + step && done < total_))
            return;
        reported_ = done;
        options_.progress(done, total_);
    }

private:
    const LoadOptions& options_;
    std::size_t total_;
    std::size_t reported_ = 0;
};

/// sources: one a parameter, null for those to initialise; or none at all.
inline WeightStorage fill_storage(std::span<const ParamInfo> params,
                                  std::span<const TensorView* const> sources,
                                  const LoadOptions& options, const ParamForm& form) {
    const StorageLayout layout{params, form};
    WeightStorage storage{AlignedBuffer{layout.floats}, {}};
    advise_large_pages(storage.buffer);
    storage.data.reserve(params.size());
    AlignedBuffer scratch{layout.scratch};
    ProgressMeter progress{options, layout};
    for (std::size_t i = 0; i < params.size(); ++i) {
        const ParamInfo& param = params[i];
        float* const place = storage.buffer.data() + layout.offsets[i];
        float* const values = is_stored_plainly(param) ? place : scratch.data();
        if (!sources.empty() && sources[i] != nullptr)
            copy_to_float(*sources[i], values);
        else
            initialise(param, options.seed, {values, param.shape.elements()});
        form.store(param, values, place);
        storage.data.push_back(place);
        progress.at(i + 1 < params.size() ? layout.offsets[i + 1] : layout.floats);
    }
    return storage;
}

}  // namespace detail

/// Reads the values that a plan found into new storage; what the checkpoint lacks is initialised,
/// repeatably for one seed. Besides the storage, memory for one matrix is needed.
/// Errors  std::bad_alloc; whatever options.progress throws.
template <class Arch>
WeightStorage build_storage(std::span<const ParamInfo> params, const LoadPlan& plan,
                            const LoadOptions& options) {
    return detail::fill_storage(params, plan.sources, options, detail::form_of<Arch>);
}

/// Storage whose values all depend on the seed only: for benchmarks and tests.
/// Errors  std::bad_alloc.
template <class Arch>
WeightStorage init_storage(std::span<const ParamInfo> params, std::uint64_t seed) {
    LoadOptions options;
    options.seed = seed;
    return detail::fill_storage(params, {}, options, detail::form_of<Arch>);
}

}  // namespace xzoo::io
