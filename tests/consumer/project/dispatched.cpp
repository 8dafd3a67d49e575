// A program for every CPU: kernels are chosen when it runs.
#include <array>
#include <cstdio>
#include <xzoo/simd/elementwise.hpp>

int main() {
    std::array<float, 40> ones{};
    ones.fill(1.0F);
    const float sum = xzoo::simd::dot(ones.data(), ones.data(), ones.size());
    std::printf("%s: %g\n", xzoo::simd::arch_name(), static_cast<double>(sum));
    return sum == 40.0F ? 0 : 1;
}
