#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace xzoo {

/// Element types of tensors in files, in the order of the safetensors specification (smallest
/// first): the writer sorts tensors by this order, descending.
enum class Dtype : std::uint8_t {
    boolean,
    f4,
    f6_e2m3,
    f6_e3m2,
    u8,
    i8,
    f8_e5m2,
    f8_e4m3,
    f8_e8m0,
    f8_e4m3fnuz,
    f8_e5m2fnuz,
    i16,
    u16,
    f16,
    bf16,
    i32,
    u32,
    f32,
    c64,
    f64,
    i64,
    u64,
};

struct DtypeInfo {
    Dtype dtype;
    std::string_view name;  // as safetensors writes it
    std::size_t bits;       // of one element
};

/// Every element type that the safetensors format knows.
inline constexpr std::array<DtypeInfo, 22> all_dtypes{{
    {Dtype::boolean, "BOOL", 8},
    {Dtype::f4, "F4", 4},
    {Dtype::f6_e2m3, "F6_E2M3", 6},
    {Dtype::f6_e3m2, "F6_E3M2", 6},
    {Dtype::u8, "U8", 8},
    {Dtype::i8, "I8", 8},
    {Dtype::f8_e5m2, "F8_E5M2", 8},
    {Dtype::f8_e4m3, "F8_E4M3", 8},
    {Dtype::f8_e8m0, "F8_E8M0", 8},
    {Dtype::f8_e4m3fnuz, "F8_E4M3FNUZ", 8},
    {Dtype::f8_e5m2fnuz, "F8_E5M2FNUZ", 8},
    {Dtype::i16, "I16", 16},
    {Dtype::u16, "U16", 16},
    {Dtype::f16, "F16", 16},
    {Dtype::bf16, "BF16", 16},
    {Dtype::i32, "I32", 32},
    {Dtype::u32, "U32", 32},
    {Dtype::f32, "F32", 32},
    {Dtype::c64, "C64", 64},
    {Dtype::f64, "F64", 64},
    {Dtype::i64, "I64", 64},
    {Dtype::u64, "U64", 64},
}};

constexpr const DtypeInfo& info(Dtype dtype) noexcept {
    return all_dtypes[static_cast<std::size_t>(dtype)];
}
constexpr std::string_view name(Dtype dtype) noexcept {
    return info(dtype).name;
}

/// The element type of a safetensors name ("F32"); nothing if there is no such type.
constexpr std::optional<Dtype> dtype_from_name(std::string_view name) noexcept {
    for (const DtypeInfo& known : all_dtypes)
        if (known.name == name)
            return known.dtype;
    return std::nullopt;
}

/// True for the types whose values a parameter can take: they are converted to float32 at load.
constexpr bool converts_to_float(Dtype dtype) noexcept {
    return dtype == Dtype::f32 || dtype == Dtype::f16 || dtype == Dtype::bf16 ||
           dtype == Dtype::f64;
}

}  // namespace xzoo
