#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <vector>

#include "xzoo/core/aligned_buffer.hpp"

namespace xzoo {

/// Memory for the intermediate results of forward passes, reused from call to call: a stack of
/// floats. The first pass of a size may allocate; later passes of that size or less do not. One
/// workspace serves one thread at a time; a model may run in many threads with a workspace each.
class Workspace {
public:
    /// threads: how many threads a forward pass may use at most (0: as many as OpenMP would).
    explicit Workspace(int threads = 0) noexcept : threads_{threads} {}

    /// Capacity in floats to begin with; Model::workspace_size(batch, length) says what is needed
    /// besides a kernel's scratch.
    void reserve(std::size_t floats) {
        if (floats > capacity())
            start_over(floats);
    }

    /// n floats that start on a cache line, not initialised, valid until the scope they were taken
    /// in ends.
    float* take(std::size_t n) {
        const std::size_t needed = padded(n);
        while (block_ < blocks_.size() && used_ + needed > blocks_[block_].size()) {
            taken_before_ += used_;
            used_ = 0;
            ++block_;
        }
        if (block_ == blocks_.size())
            blocks_.emplace_back(std::max(needed, capacity() / 2));
        float* memory = blocks_[block_].data() + used_;
        used_ += needed;
        high_water_ = std::max(high_water_, taken_before_ + used_);
        return memory;
    }

    /// n floats for one kernel, not initialised, valid until the next call. They are no part of the
    /// stack: a kernel's scratch depends on the precision of its weights.
    float* scratch(std::size_t n) {
        if (n > scratch_.size())
            scratch_ = AlignedBuffer{padded(n)};
        return scratch_.data();
    }

    /// n plain objects, in the same memory and under the same rules.
    template <class T>
    T* take_array(std::size_t n) {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        return new (take((n * sizeof(T) + sizeof(float) - 1) / sizeof(float))) T[n];
    }
    std::uint32_t* take_ids(std::size_t n) { return take_array<std::uint32_t>(n); }

    /// Gives back, at its end, all that was taken since its beginning.
    class Scope {
    public:
        explicit Scope(Workspace& workspace) noexcept
            : workspace_{workspace},
              block_{workspace.block_},
              used_{workspace.used_},
              taken_before_{workspace.taken_before_} {}
        ~Scope() {
            workspace_.block_ = block_;
            workspace_.used_ = used_;
            workspace_.taken_before_ = taken_before_;
        }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Workspace& workspace_;
        std::size_t block_, used_, taken_before_;
    };

    /// Begins a new pass: everything taken so far is given back, and memory that had to be added
    /// piecewise becomes one block.
    void reset() {
        if (blocks_.size() > 1)
            start_over(capacity());
        block_ = used_ = taken_before_ = 0;
    }

    /// Floats held now, and the most that were taken at one time.
    std::size_t capacity() const noexcept {
        std::size_t sum = 0;
        for (const AlignedBuffer& block : blocks_)
            sum += block.size();
        return sum;
    }
    std::size_t high_water() const noexcept { return high_water_; }
    int threads() const noexcept { return threads_; }

private:
    void start_over(std::size_t floats) {
        block_ = used_ = taken_before_ = 0;  // first: there may be no memory for the new block
        blocks_.clear();
        blocks_.emplace_back(padded(floats));
    }

    std::vector<AlignedBuffer> blocks_;
    AlignedBuffer scratch_;
    std::size_t block_ = 0;         // the block in use
    std::size_t used_ = 0;          // floats taken from it
    std::size_t taken_before_ = 0;  // floats taken from the blocks before it
    std::size_t high_water_ = 0;
    int threads_;
};

}  // namespace xzoo
