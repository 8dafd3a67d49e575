// The kernels of one architecture: compiled once for each, with its flags.
// XZOO_KERNELS  the name of the table
#include "xzoo/simd/activations.hpp"
#include "xzoo/simd/attention.hpp"
#include "xzoo/simd/cached_attention.hpp"
#include "xzoo/simd/dispatch.hpp"
#include "xzoo/simd/elementwise.hpp"
#include "xzoo/simd/matrix_format.hpp"
#include "xzoo/simd/norms.hpp"
#include "xzoo/simd/rope.hpp"
#include "xzoo/simd/select.hpp"
#include "xzoo/simd/softmax.hpp"

#ifdef XZOO_DISPATCH
#error "the kernels themselves are compiled for one architecture"
#endif

using namespace xzoo::simd;
using Arch = default_arch;
using xzoo::Precision;

// Of C linkage: the one symbol that is left visible, see CMakeLists.txt.
extern "C" const KernelTable XZOO_KERNELS;
extern "C" constinit const KernelTable XZOO_KERNELS{
    .name = Arch::name(),
    .matrices = {&matrix_format<Arch, Precision::f32>, &matrix_format<Arch, Precision::bf16>,
                 &matrix_format<Arch, Precision::f16>, &matrix_format<Arch, Precision::i8>,
                 &matrix_format<Arch, Precision::q8>, &matrix_format<Arch, Precision::q4>,
                 &matrix_format<Arch, Precision::q4m>, &matrix_format<Arch, Precision::f8e4m3>,
                 &matrix_format<Arch, Precision::f8e5m2>},
    .layer_norm = &layer_norm<Arch>,
    .rms_norm = &rms_norm<Arch>,
    .softmax_rows = &softmax_rows<Arch>,
    .log_softmax_rows = &log_softmax_rows<Arch>,
    .activate = &activate<Arch>,
    .add = &add<Arch>,
    .multiply = &multiply<Arch>,
    .scale = &scale<Arch>,
    .dot = &dot<Arch>,
    .l2_normalize_rows = &l2_normalize_rows<Arch>,
    .mean_rows = &mean_rows<Arch>,
    .rotate_halves = &rotate_halves<Arch>,
    .rotate_neighbours = &rotate_neighbours<Arch>,
    .find_above = &find_above<Arch>,
    .find_largest = &find_largest<Arch>,
    .replace_below = &replace_below<Arch>,
    .attention_scratch = &attention_scratch<Arch>,
    .attention = &attention<Arch>,
    .cached_attention = &cached_attention<Arch>};
