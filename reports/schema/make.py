#!/usr/bin/env python3
"""JSON Schemas of dbperf's documents, from the columns of the sections.

    make.py                     says which files differ from what the sections say (status 1)
    make.py --write             writes them
    make.py --check FILE…       validates documents against the schema that they name
"""
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SECTIONS = os.path.join(HERE, "..", "sections")

ISO = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"
UNITS = {
    "text": {"type": ["string", "number", "null"]},
    "hidden": {"type": ["string", "number", "null"]},
    "sql": {"type": ["string", "null"]},
    "count": {"type": ["number", "null"]},
    "duration": {"type": ["number", "null"], "description": "ms"},
    "bytes": {"type": ["number", "null"]},
    "share": {"type": ["number", "null"], "description": "0 to 1"},
    "rate": {"type": ["number", "null"], "description": "per second"},
    "moment": {"type": ["string", "null"], "pattern": ISO},
    "severity": {"enum": ["critical", "warning", "info", None]},
    "json": {"description": "an object or list"},
    "id": {"type": ["string", "null"], "pattern": "^[0-9a-f]{16}$"},
    "depth": {"type": ["integer", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "mark": {"type": ["boolean", "null"]},
    "bar": {"type": ["number", "null"], "description": "0 to 1"},
}

# Documents of one table that commands make themselves: NAME, its key, record or list, columns.
OTHERS = {
    "findings": ("findings", "list", "id id, severity severity, target text, rule text, summary text, state text, first_seen moment,"
                 " last_seen moment, acknowledged text, muted_by text, object text"),
    "finding": ("finding", "record", "id id, severity severity, target text, rule text, object text, title text, summary text,"
                " evidence json, impact share, fix sql, state text, first_seen moment, last_seen moment, times_seen count,"
                " opened count, resolved_at moment, acknowledged text, muted_by text"),
    "rules": ("rules", "list", "rule text, engine text, nature text, window text, parameters text, title text, category text"),
    "rule": ("rule", "record", "rule text, title text, category text, nature text, window text, scope text, reads text,"
             " parameters text, source text, about text, file text, sql sql"),
    "tests": ("tests", "list", "rule text, block text, result text, failed boolean"),
    "labels": ("labels", "list", "target text, label text, begin moment, end moment, looks count"),
    "tables": ("tables", "list", "table text, column text, type text, kind text, meaning text"),
    "check": ("check", "list", "name text, state text, detail text"),
    "size": ("size", "list", "name text, kind text, rows count, bytes bytes, first moment, last moment, detail text"),
}


def row(columns):
    extra = [c[0] + "_ms" if c[1] == "duration" else c[0] for c in columns if c[2:] == ("extra",)]
    columns = [c[:2] for c in columns]
    names = [name + "_ms" if unit == "duration" and not name.endswith("_ms") else name for name, unit in columns]
    return {
        "type": "object",
        "properties": {name: UNITS[unit] for name, (_, unit) in zip(names, columns)},
        "required": [name for name in names if name not in extra],
        "additionalProperties": False,
    }


def document(name, parts):
    status = {
        "type": "object",
        "description": "the exit status and every reason for it",
        "properties": {
            "exit": {"type": "integer"},
            "reasons": {"type": "array", "items": {
                "type": "object", "properties": {"exit": {"type": "integer"}, "text": {"type": "string"}},
                "required": ["exit", "text"], "additionalProperties": False}},
        },
        "required": ["exit", "reasons"],
        "additionalProperties": False,
    }
    properties = {"schema": {"const": "dbperf.%s/1" % name}, "made_at": {"type": "string", "pattern": ISO}, "status": status}
    properties.update(parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dbperf " + name,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def sections():
    for path in glob.glob(os.path.join(SECTIONS, "*.sql")):
        with open(path, encoding="utf-8") as text:
            lines = text.read().split("\n")
        head, columns, about = {}, [], []
        for line in lines:
            found = re.match(r"-- ([a-z]+): (.*)$", line)
            if found and found.group(1) == "column":
                words = found.group(2).split()
                if words[2:] not in (["text"], ["wide"]) and words[1] != "line":
                    columns.append((words[0], words[1]) + (("extra",) if words[2:] == ["extra"] else ()))
            elif found and not about:
                head[found.group(1)] = found.group(2)
            elif line.startswith("-- "):
                about.append(line[3:])
            else:
                break
        yield head, columns, " ".join(about)


def schemas():
    out = {}
    for name in ("audit", "now", "doctor", "explain", "digest"):
        parts = {}
        mine = [s for s in sections() if name in [w.strip() for w in s[0]["for"].split(",")]]
        for head, columns, about in sorted(mine, key=lambda s: (int(s[0].get("order", 0)), s[0]["id"])):
            is_list = head["kind"] != "record" or head.get("scope", "target") == "target"
            part = {"type": "array", "items": row(columns)} if is_list else row(columns)
            if about:
                part["description"] = about
            if head.get("inside") in parts:
                parts[head["inside"]]["items"]["properties"][head["id"]] = part
                parts[head["inside"]]["items"]["required"].append(head["id"])
            else:
                parts[head["id"]] = part
        out[name] = document(name, parts)
    for name, (key, kind, columns) in OTHERS.items():
        part = row([tuple(column.split()) for column in columns.split(",")])
        out[name] = document(name, {key: part if kind == "record" else {"type": "array", "items": part}})
    out["sql"] = document("sql", {"rows": {"type": "array", "items": {
        "type": "object", "description": "the columns that the query names"}}})
    return out


TYPES = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def problems(value, schema, where="$"):
    """The keywords that these schemas use; enough to test with what every Python has."""
    types = schema.get("type")
    if types and not any(is_type(value, t) for t in ([types] if isinstance(types, str) else types)):
        return ["%s: %r is no %s" % (where, value, types)]
    out = []
    if "const" in schema and value != schema["const"]:
        out.append("%s: %r is not %r" % (where, value, schema["const"]))
    if "enum" in schema and value not in schema["enum"]:
        out.append("%s: %r is none of %r" % (where, value, schema["enum"]))
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        out.append("%s: %r does not match %s" % (where, value, schema["pattern"]))
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                out.append("%s: %s is missing" % (where, name))
        for name, inner in value.items():
            if name in schema.get("properties", {}):
                out += problems(inner, schema["properties"][name], where + "." + name)
            elif schema.get("additionalProperties") is False:
                out.append("%s: %s is unknown" % (where, name))
    for i, inner in enumerate(value if isinstance(value, list) else []):
        out += problems(inner, schema.get("items", {}), "%s[%d]" % (where, i))
    return out


def check(paths):
    wrong = 0
    for path in paths:
        with (sys.stdin if path == "-" else open(path, encoding="utf-8")) as text:
            value = json.load(text)
        name = re.fullmatch(r"dbperf\.([a-z]+)/1", value.get("schema", ""))
        with open(os.path.join(HERE, name.group(1) + ".schema.json"), encoding="utf-8") as text:
            found = problems(value, json.load(text))
        for problem in found:
            print("%s: %s" % (path, problem))
        wrong += bool(found)
    return 1 if wrong else 0


def main():
    if sys.argv[1:2] == ["--check"]:
        return check(sys.argv[2:])
    wrong = 0
    for name, schema in schemas().items():
        path = os.path.join(HERE, name + ".schema.json")
        text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
        if "--write" in sys.argv:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            continue
        with open(path, encoding="utf-8") as old:
            if old.read() != text:
                print("%s.schema.json is not what the sections say: reports/schema/make.py --write" % name)
                wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
