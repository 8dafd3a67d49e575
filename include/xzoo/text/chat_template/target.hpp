#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/iterate.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

/// What a loop or a set assigns to: a name, an attribute of a namespace, or several targets that
/// take a value apart.
struct Target {
    Position at;
    std::string name;           ///< of the variable; empty for several targets
    std::string attribute;      ///< of the namespace `name`, or empty
    std::vector<Target> parts;  ///< of several targets

    void assign(Evaluation& run, const Value& value) const {
        if (!attribute.empty())
            assign_attribute(run, value);
        else if (!name.empty())
            run.set_variable(name, value);
        else
            unpack(run, value);
    }

private:
    void assign_attribute(Evaluation& run, const Value& value) const {
        const Value* variable = run.find_variable(name);
        auto* const* space = variable != nullptr ? variable->get_if<Namespace*>() : nullptr;
        run.stand(at);
        if (space == nullptr)
            run.fail("'" + name + "' is not a namespace, so its attributes cannot be set");
        run.set(**space, attribute, value);
    }

    void unpack(Evaluation& run, const Value& value) const {
        run.stand(at);
        const SequencePtr values = iterate(run, value);
        if (values->items.size() != parts.size())
            run.fail(std::to_string(values->items.size()) + " values are unpacked into " +
                     std::to_string(parts.size()) + " variables");
        for (std::size_t i = 0; i < parts.size(); ++i)
            parts[i].assign(run, values->items[i]);
    }
};

}  // namespace xzoo::text::jinja
