#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

namespace xzoo {

/// Every tensor that xzoo stores starts at a multiple of this: a cache line, and the widest vector.
inline constexpr std::size_t alignment_bytes = 64;
inline constexpr std::size_t alignment_floats = alignment_bytes / sizeof(float);

/// n rounded up to whole cache lines of floats.
constexpr std::size_t padded(std::size_t n) noexcept {
    return (n + alignment_floats - 1) / alignment_floats * alignment_floats;
}

/// Owns uninitialised floats that start on a cache line.
/// Errors  std::bad_alloc.
class AlignedBuffer {
public:
    AlignedBuffer() = default;
    explicit AlignedBuffer(std::size_t size) : data_{allocate(size > 0 ? size : 1)}, size_{size} {}

    float* data() noexcept { return data_.get(); }
    const float* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }

private:
    struct Free {
        void operator()(float* memory) const noexcept { std::free(memory); }
    };
    static float* allocate(std::size_t size) {
        if (size > std::numeric_limits<std::size_t>::max() / (2 * sizeof(float)))
            throw std::bad_alloc{};  // and no wrapped number of bytes
        void* memory = std::aligned_alloc(alignment_bytes, padded(size) * sizeof(float));
        if (memory == nullptr)
            throw std::bad_alloc{};
        return static_cast<float*>(memory);
    }

    std::unique_ptr<float, Free> data_;
    std::size_t size_ = 0;
};

}  // namespace xzoo
