#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// What a loop over the value meets: elements, keys, characters; nothing in what is undefined.
/// Lists are not copied.
/// Errors  ChatTemplateError: the value cannot be iterated.
inline SequencePtr iterate(Evaluation& run, const Value& value) {
    if (const auto* sequence = value.get_if<SequencePtr>())
        return *sequence;
    std::vector<Value> items;
    if (const Dict* dict = value.dict()) {
        for (const auto& entry : dict->entries)
            items.push_back(entry.first);
    } else if (const std::string* text = value.text()) {
        run.spend(text->size());
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>((*text)[at]));
            items.push_back(run.text(text->substr(at, size)));
            at += size;
        }
    } else if (!value.is_undefined()) {
        run.fail("a " + std::string{type_name(value)} + " cannot be iterated");
    }
    return *run.list(std::move(items)).get_if<SequencePtr>();
}

/// len(value)
inline std::int64_t length(Evaluation& run, const Value& value) {
    if (const std::string* text = value.text()) {
        run.read_bytes(text->size());
        return static_cast<std::int64_t>(count_code_points(*text));
    }
    if (const Sequence* sequence = value.sequence())
        return static_cast<std::int64_t>(sequence->items.size());
    if (const Dict* dict = value.dict())
        return static_cast<std::int64_t>(dict->entries.size());
    if (value.is_undefined())
        return 0;
    run.fail("a " + std::string{type_name(value)} + " has no length");
}

}  // namespace xzoo::text::jinja
