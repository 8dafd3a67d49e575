// The safetensors reader on any bytes: it throws an xzoo::Error or returns views that all lie in
// the file, do not overlap and cover it. Its JSON reader must agree with Boost.JSON.
#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/json_reader.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

bool reads(std::string_view text) {
    try {
        xzoo::io::JsonReader reader{text};
        reader.skip();
        reader.finish();
        return true;
    } catch (const xzoo::io::JsonError&) {
        return false;
    }
}

/// Whether Boost.JSON thinks the same of a text. It refuses exponents that no int holds; they are
/// JSON, and a reader that passes over the number has no use for its value.
bool boost_agrees(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = xzoo::io::JsonReader::max_depth;
    boost::json::error_code error;
    boost::json::parse({text.data(), text.size()}, error, {}, options);
    return error == boost::json::error::exponent_overflow || reads(text) == !error;
}

void check_views(const xzoo::io::Checkpoint& checkpoint, std::span<const std::byte> file) {
    std::size_t bytes = 0;
    for (const xzoo::io::TensorView& tensor : checkpoint.tensors()) {
        const std::byte* const end = tensor.bytes.data() + tensor.bytes.size();
        require(tensor.bytes.data() >= file.data() && end <= file.data() + file.size());
        require(tensor.bytes.size() * 8 == tensor.elements() * xzoo::info(tensor.dtype).bits);
        require(checkpoint.find(tensor.name) == &tensor);
        bytes += tensor.bytes.size();
    }
    require(bytes == checkpoint.total_size());
    require(bytes <= file.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span file{reinterpret_cast<const std::byte*>(data), size};
    try {
        check_views(xzoo::io::Checkpoint::from_span(file, "fuzz"), file);
    } catch (const xzoo::WeightsError&) {
    }
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    require(boost_agrees(text));
    return 0;
}
