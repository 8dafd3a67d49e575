#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace xzoo {

/// Ids of the tokens that play a part in a model; unset where a tokenizer has no such token.
struct SpecialTokenIds {
    std::optional<std::uint32_t> unk{};
    std::optional<std::uint32_t> bos{};
    std::optional<std::uint32_t> eos{};
    std::optional<std::uint32_t> sep{};
    std::optional<std::uint32_t> pad{};
    std::optional<std::uint32_t> cls{};
    std::optional<std::uint32_t> mask{};
};

namespace text {

/// A part that a special token plays: its name in configuration files, and the texts that it
/// usually has, for files that do not say.
struct SpecialTokenRole {
    std::string_view key;
    std::optional<std::uint32_t> SpecialTokenIds::*id;
    std::array<std::string_view, 2> usual;
};

/// Texts of special tokens by the part that they play: {"cls_token", "[CLS]"}.
using SpecialTokenNames = std::map<std::string, std::string, std::less<>>;

inline constexpr std::array<SpecialTokenRole, 7> special_token_roles{{
    {"unk_token", &SpecialTokenIds::unk, {"[UNK]", "<unk>"}},
    {"bos_token", &SpecialTokenIds::bos, {"[BOS]", "<s>"}},
    {"eos_token", &SpecialTokenIds::eos, {"[EOS]", "</s>"}},
    {"sep_token", &SpecialTokenIds::sep, {"[SEP]", "<sep>"}},
    {"pad_token", &SpecialTokenIds::pad, {"[PAD]", "<pad>"}},
    {"cls_token", &SpecialTokenIds::cls, {"[CLS]", "<cls>"}},
    {"mask_token", &SpecialTokenIds::mask, {"[MASK]", "<mask>"}},
}};

}  // namespace text
}  // namespace xzoo
