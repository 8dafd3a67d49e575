// xzoo_add_model: weights of the user's own with a tensor of another shape.
#ifdef XZOO_MISTAKE
#include "tiny_shape.hpp"
#else
#include "tiny.hpp"
#endif

// expect: weights manifest: this tensor has another shape in the entry than in the model
// with: bert.encoder.layer.0.intermediate.dense.weight | ModelShape<12, 8> | EntryShape<13, 8>
