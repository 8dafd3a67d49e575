// Any bytes as a chat template: refused with a ChatTemplateError, or text within the limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <xzoo/text/chat_template.hpp>
#include <xzoo/text/utf8.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view source{reinterpret_cast<const char*>(data), size};
    const boost::json::array messages{
        boost::json::object{{"role", "user"}, {"content", "Hi \xC3\xA9\xF0\x9F\x98\x80\xFF"}},
        boost::json::object{{"role", "assistant"}, {"content", nullptr}, {"n", -1.5}}};
    xzoo::ChatOptions options{.add_generation_prompt = true, .bos_token = "<s>"};
    options.tools = messages;
    options.limits = {.steps = 50'000, .bytes = 1'000'000};
    try {
        const std::string text = xzoo::ChatTemplate::parse(source).render(messages, options);
        if (text.size() > options.limits.bytes || !xzoo::text::is_valid_utf8(text))
            std::abort();
    } catch (const xzoo::ChatTemplateError&) {
    }
    return 0;
}
