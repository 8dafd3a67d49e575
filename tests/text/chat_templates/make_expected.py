#!/usr/bin/env python3
"""Writes what Jinja2 makes of the templates here, for the C++ tests to compare with.

  make_expected.py          writes expected.json and random_cases.json
  make_expected.py COUNT SEED   prints COUNT random cases, a JSON object a line
"""

import json
import pathlib
import re
import sys
import warnings

import oracle
import random_templates

HERE = pathlib.Path(__file__).parent
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}
# What Python prints of objects that are no values, or of lazy filters.
NOT_A_VALUE = re.compile(r"<[\w.]+[ .][\w .]*(object|function|method|loop)|dict_\w+\(|range\(|Macro")
# What is outside of the subset.
OUTSIDE = ["%", ".count('l')", "index("]


def outcome(source, **arguments):
    """{"text": ...}, {"refused": message} or {"error": true}."""
    try:
        return {"text": oracle.render(source, **arguments)}
    except oracle.Refused as refusal:
        return {"refused": str(refusal)}
    except Exception:  # whatever Python raises
        return {"error": True}


def published_cases():
    conversations = json.loads((HERE / "conversations.json").read_text(encoding="utf-8"))
    for path in sorted(HERE.glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        for name, conversation in conversations.items():
            for prompt in (False, True):
                variables = TOKENS | conversation.get("variables", {})
                yield {"template": path.name, "conversation": name, "prompt": prompt} | outcome(
                    source,
                    messages=conversation["messages"],
                    tools=conversation.get("tools"),
                    add_generation_prompt=prompt,
                    variables=variables,
                )


def random_cases(count, seed):
    variables = random_templates.VARIABLES
    for source in random_templates.templates(count, seed):
        case = {"template": source} | outcome(source, messages=variables["m"], variables=variables)
        if not NOT_A_VALUE.search(case.get("text", "")) and not outside(source):
            yield case


def outside(source):
    tags = re.findall(r"{[{%](.*?)[%}]}", source, re.S)
    return any(construct in tag for tag in tags for construct in OUTSIDE)


def write(name, contents):
    text = json.dumps(contents, indent=1) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")


def main():
    warnings.simplefilter("ignore", SyntaxWarning)
    if len(sys.argv) == 3:
        for case in random_cases(int(sys.argv[1]), sys.argv[2]):
            print(json.dumps(case))
        return
    write("expected.json", list(published_cases()))
    cases = random_cases(1200, "frozen")
    write("random_cases.json", {"variables": random_templates.VARIABLES, "cases": list(cases)})


main()
