// Work that chat templates and their values are made to cost: it is counted, or linear.
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include <xzoo/text/chat_template.hpp>
#include <xzoo/text/chat_template/find_text.hpp>
#include <xzoo/text/chat_template/text_operations.hpp>

#include "support.hpp"

namespace {

using xzoo::ChatOptions;
using xzoo::ChatTemplate;
using xzoo::ChatTemplateError;
namespace jinja = xzoo::text::jinja;

const std::string too_many_steps = "the template takes more steps than are allowed";
const std::string too_much_text = "the template makes more text than is allowed";

/// What a template ends in: the problem that an error tells, without its place, or its text.
std::string outcome(std::string_view source, const ChatOptions& options = {}) {
    try {
        return "text: " + ChatTemplate::parse(source, "t").render({}, options);
    } catch (const ChatTemplateError& error) {
        const std::string what = error.what();
        return what.substr(what.find(": ") + 2);
    }
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

/// "a0,a1,..." with something behind each.
std::string names(std::size_t count, const std::string& behind = "") {
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += (i == 0 ? "a" : ",a") + std::to_string(i) + behind;
    return list;
}

/// A text that counts how often its characters are looked at.
struct CountedText {
    std::string_view text;
    std::size_t* looks;

    std::size_t size() const { return text.size(); }
    char operator[](std::size_t i) const {
        ++*looks;
        return text[i];
    }
};

}  // namespace

TEST_CASE("a text is found where std::string finds it", "[text][chat]") {
    std::mt19937 random{5};
    const auto word = [&](std::size_t most, unsigned letters) {
        std::string text;
        for (std::size_t size = random() % (most + 1); text.size() < size;)
            text += static_cast<char>('a' + random() % letters);
        return text;
    };
    for (int round = 0; round < 60'000; ++round) {
        const auto letters = static_cast<unsigned>(1 + random() % 3);
        std::string wanted = word(9, letters);
        if (random() % 2 == 0)
            wanted = repeated(wanted, 1 + random() % 4);
        std::string text = word(40, letters);
        if (random() % 3 == 0)
            text += wanted.substr(0, random() % (wanted.size() + 1)) + wanted;
        INFO("'" << wanted << "' in '" << text << "'");
        REQUIRE(jinja::find_text(text, wanted) == text.find(wanted));
        REQUIRE(jinja::find_last_text(text, wanted) == text.rfind(wanted));
    }
    const std::string bytes = "\xFF\x80\x01\xFF\x7F";  // their order is not that of char
    CHECK(jinja::find_text(bytes, "\xFF\x7F") == 3);
    CHECK(jinja::find_text(bytes, "\x80\x01\xFF\x7F\xFF") == std::string::npos);
}

TEST_CASE("a text is found in time linear in both", "[text][chat]") {
    const std::size_t n = 20'000;
    const std::string run(n, 'a');
    const std::string half(n / 2, 'a');
    std::string fibonacci = "a";  // the worst of periods
    for (std::string before = "b"; fibonacci.size() < n / 2;)
        before = std::exchange(fibonacci, fibonacci + before);
    for (const std::string& wanted :
         {half + 'b', 'b' + half, half + 'b' + half, half, fibonacci, fibonacci + 'c',
          repeated("ab", n / 4) + 'a', repeated(half.substr(0, 90) + 'b', 50) + 'c'}) {
        for (const std::string& text : {run, repeated(half.substr(0, 99) + 'b', n / 100),
                                        repeated("ab", n / 2), fibonacci + fibonacci}) {
            std::size_t looks = 0;
            const jinja::TextFinder<CountedText> finder{{wanted, &looks}};
            const std::size_t at = finder.find({text, &looks}, 0);
            CHECK(at == text.find(wanted));
            CHECK(looks < 12 * (wanted.size() + text.size()));
        }
    }
}

TEST_CASE("parts of a text are split and counted as Python does", "[text][chat]") {
    CHECK(outcome("{{ 'aXbXXc'.split('X') }}") == "text: ['a', 'b', '', 'c']");
    CHECK(outcome("{{ 'aXbXXc'.split('X', 2) }}") == "text: ['a', 'b', 'Xc']");
    CHECK(outcome("{{ 'aXbXXc'.split('X', 0) }}") == "text: ['aXbXXc']");
    CHECK(outcome("{{ 'aXbXXc'.rsplit('X', 2) }}") == "text: ['aXb', '', 'c']");
    CHECK(outcome("{{ 'aaa'.split('aa') }}{{ 'aaa'.rsplit('aa') }}") == "text: ['', 'a']['a', '']");
    CHECK(outcome("{{ ''.split('long') }}{{ 'lon'.rsplit('long') }}") == "text: ['']['lon']");
    CHECK(outcome("{{ 'aaaaa'.count('aa') }} {{ 'abab'.rfind('ab') }} {{ 'ab'.find('') }} "
                  "{{ 'ab'.rfind('') }} {{ '\xC3\xA9'~'b' in '\xC3\xA9\xC3\xA9'~'b' }}") ==
          "text: 2 2 0 2 True");
    CHECK(outcome("{{ 'aaaa'.replace('aa', 'b', 1) }} {{ 'abc'.replace('b', 'XY') }} "
                  "{{ 'abc'.replace('d', 'XY') }}") == "text: baa aXYc abc");
    CHECK(jinja::replaced_size("abcbc", "bc", "1234", jinja::no_limit) == 5 + 2 * 4);
    CHECK(jinja::replaced_size("abcbc", "bc", "1234", 1) == 5 + 4);
}

TEST_CASE("what a template's values cost is counted", "[text][chat]") {
    const std::string large(1'000'000, 'x');
    const ChatOptions few{.variables = {{"large", large}},
                          .limits = {.steps = 100'000, .bytes = 10'000'000}};
    CHECK(outcome("{{ 'a'.strip(large) }}", few) == too_many_steps);
    CHECK(outcome("{{ 'a'|trim(large) }}", few) == too_many_steps);
    CHECK(outcome("{{ 'a'.strip('ab') }}", few) == "text: ");
    const ChatOptions little{.variables = {{"large", large}},
                             .limits = {.steps = 1'000'000, .bytes = 5'000'000}};
    CHECK(outcome("{{ {1:1}|tojson(separators=(',', large))|length }}", little) == "text: 1000006");
    CHECK(outcome("{{ {1:1,2:1,3:1,4:1,5:1,6:1}|tojson(separators=(',', large))|length }}",
                  little) == too_much_text);
}

TEST_CASE("looking for a variable among many is counted", "[text][chat]") {
    boost::json::object many;
    for (int i = 0; i < 3'000; ++i)
        many["a" + std::to_string(i)] = i;
    const std::string lookups = "{% for i in range(2000) %}{% if a2999 %}{% endif %}{% endfor %}x";
    CHECK(outcome(lookups, {.limits = {.steps = 50'000}}) == "text: x");
    ChatOptions options{.variables = many, .limits = {.steps = 600'000}};
    CHECK(outcome("{{ a2999 }}", options) == "text: 2999");  // 3000 * 3000 / 32 steps to set them
    CHECK(outcome(lookups, options) == too_many_steps);
    std::string sets = "{% set n = namespace() %}";
    for (int i = 0; i < 3'000; ++i)
        sets += "{% set n.a" + std::to_string(i) + " = 1 %}";
    CHECK(outcome(sets, {.limits = {.steps = 100'000}}) == too_many_steps);
    CHECK(outcome(sets, {.limits = {.steps = 600'000}}) == "text: ");
    const std::string all = names(200, "=1");
    const std::string calls = "{% macro f(" + names(200) + ") %}{% endmacro %}" +
                              "{% for i in range(50) %}{{ f(" + all + ") }}{% endfor %}";
    CHECK(outcome(calls, {.limits = {.steps = 100'000}}) == too_many_steps);
    CHECK(outcome(calls, {.limits = {.steps = 1'000'000}}) == "text: ");
}

TEST_CASE("names, arguments and parameters of a template have a limit", "[text][chat]") {
    const std::string end = "{% endmacro %}";
    CHECK(outcome("{% macro f(" + names(255) + ") %}{{ a254 }}" + end + "{{ f(" + names(255, "=7") +
                  ") }}") == "text: 7");
    CHECK(outcome("{% macro f(" + names(256) + ") %}" + end) ==
          "there are more than 255 parameters");
    CHECK(outcome("{{ f(" + names(256, "=1") + ") }}") == "there are more than 255 arguments");
    CHECK(outcome("{{ f(" + names(256) + ") }}") == "there are more than 255 arguments");
    CHECK(outcome("{{ f(1," + names(255, "=1") + ") }}") == "there are more than 255 arguments");
    CHECK(outcome("{{ [" + names(300) + "]|length }}") == "text: 300");
    const std::string longest(255, 'n');
    CHECK(outcome("{% set " + longest + " = 1 %}{{ " + longest + " }}") == "text: 1");
    CHECK(outcome("{{ " + longest + "n }}") == "the name has more than 255 characters");
    CHECK(outcome("{{ {}." + longest + "n }}") == "the name has more than 255 characters");
}
