#!/usr/bin/env python3
"""Makes what the fuzz targets begin with: OUT/NAME_fuzz/… and OUT/NAME_fuzz.list, which names those files by commas (for
libFuzzer's -seed_inputs=@LIST). All of it comes from what the project has: rules, the sample config, the test vectors of
normalise.md, facts.sql, the small logs beside the drivers.

    python3 tests/fuzz/seeds.py SOURCE-ROOT OUT
"""
import glob
import os
import re
import sqlite3
import struct
import sys
import tempfile

APPLICATION_ID = 0x64627063  # of captures (facts/rundb.h)


def facts(root):
    """[(table, [(column, type)])] of facts.sql, in its order."""
    with open(f"{root}/src/facts/facts.sql", encoding="utf-8") as file:
        tables = re.findall(r"^CREATE TABLE (\w+) \(\n(.*?)^\);", file.read(), flags=re.M | re.S)
    return [(name, re.findall(r"^\s+(\w+)\s+(INTEGER|REAL|TEXT)\b", body, flags=re.M)) for name, body in tables]


def capture(tables):
    """A whole capture with a row in each table, in small pages."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(f"{folder}/c")
        db.execute("PRAGMA page_size = 512")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        for name, columns in tables:
            names = ", ".join(f'"{c}" {t}' for c, t in columns)
            db.execute(f'CREATE TABLE "{name}" (snapshot INT, look INT, {names})')
            values = [1 if t == "INTEGER" else 0.5 if t == "REAL" else "x" for _, t in columns]
            db.execute(f'INSERT INTO "{name}" VALUES (7, 0{", ?" * len(values)})', values)
        db.execute("CREATE TABLE normaliser (version)")
        db.execute("INSERT INTO normaliser VALUES (0)")
        db.commit()
        db.close()
        with open(f"{folder}/c", "rb") as file:
            return file.read()


def frame(kind, body=b""):
    return struct.pack("<I", len(body) + 1) + bytes([kind]) + body


def text(s):
    return bytes([6, len(s)]) + s


def wire(tables):
    """What workers send: for each table a row of nothing and one with a value in each column; and all other frames."""
    value = {"INTEGER": bytes([1, 42]), "REAL": bytes([5]) + struct.pack("<d", 0.5), "TEXT": text(b"word")}
    for index, (_, columns) in enumerate(tables):
        yield (frame(1, bytes([index, 0]) + b"\0" * len(columns))
               + frame(1, bytes([index, 1]) + b"".join(value[t] for _, t in columns)))
    yield frame(2, text(b"pool") + text(b"shop")) + frame(4, text(b"SELECT 1")) + frame(3, b"\1") + frame(5, text(b"no") + text(b"")) + frame(6)


def statements(root):
    """Two bytes of flags and cuts, then SQL: the vectors of normalise.md."""
    with open(f"{root}/src/statement/normalise.md", encoding="utf-8") as file:
        for sql in re.findall(r"^(.+?) => ", file.read().split("```")[1], flags=re.M):
            yield b"\x7f\x03" + sql.replace("\\n", "\n").encode()


def plans(root, name="plan_cases.txt"):
    """A byte of flags (none: the text stands alone), then the texts of the test cases."""
    with open(f"{root}/tests/unit/{name}", encoding="utf-8") as file:
        for case in re.findall(r"^== .*?\n(.*?)^-- gives\n", file.read(), flags=re.M | re.S):
            yield b"0" + case.encode()


def contents(*patterns):
    for path in sorted(path for pattern in patterns for path in glob.glob(pattern)):
        with open(path, "rb") as file:
            yield file.read()


def logs(root, *names):
    """Small logs of PostgreSQL, and behind each a byte: the size of blocks."""
    return (data + b"\x1f" for data in contents(*(f"{root}/drivers/postgresql/test/{name}.log" for name in names)))


def driver_logs(root, driver, formats):
    """A byte that says which format, a small log, the size of blocks. formats: beginnings of logs' names, in the order of the target's."""
    for path in sorted(glob.glob(f"{root}/drivers/{driver}/test/*.log")):
        which = [i for i, begin in enumerate(formats) if begin and os.path.basename(path).startswith(begin)]
        with open(path, "rb") as file:
            yield bytes(which[:1] or [0]) + file.read() + b"\x1f"


def main():
    root, out = sys.argv[1:3]
    tables = facts(root)
    seeds = {
        "capture_fuzz": [capture(tables)],
        "config_fuzz": contents(f"{root}/samples/ops/dbperf.conf"),
        "mongodb_log_fuzz": driver_logs(root, "mongodb", ["json", "text", "profile"]),
        "mysql_log_fuzz": (data + b"\x1f" for data in contents(f"{root}/drivers/mysql/test/*.log")),  # the last byte: size of blocks
        "postgresql_stderr_log_fuzz": logs(root, "stderr", "plans", "partial", "nul", "changed_prefix", "openings", "german"),
        "postgresql_prefix_log_fuzz": logs(root, "names", "rds", "epoch", "languages", "no_prefix", "loose", "verbose"),
        "postgresql_csvlog_log_fuzz": logs(root, "csv16.csv", "csv_broken.csv", "csv_old.csv"),
        "postgresql_jsonlog_log_fuzz": logs(root, "json.json", "json_broken.json"),
        "postgresql_syslog_log_fuzz": logs(root, "syslog_bsd", "syslog_iso", "syslog_5424", "heroku", "heroku_drain", "journald_short"),
        "postgresql_docker_log_fuzz": logs(root, "docker.json", "docker_jsonlog.json"),
        "mysql_plan_fuzz": plans(root, "mysql_plan_cases.txt"),
        "plan_json_fuzz": plans(root),
        "plan_text_fuzz": plans(root),
        "plan_xml_fuzz": plans(root),
        "plan_yaml_fuzz": plans(root),
        "pgbouncer_log_fuzz": (data + b"\x1f" for data in contents(f"{root}/drivers/pgbouncer/test/*.log")),
        "redis_log_fuzz": driver_logs(root, "redis", ["", "monitor", "server"]),
        "rule_fuzz": contents(f"{root}/rules/*/*.sql", f"{root}/reports/sections/*.sql"),
        "statement_fuzz": statements(root),
        "wire_fuzz": wire(tables),
    }
    for name, items in seeds.items():
        folder = os.path.abspath(os.path.join(out, name))
        os.makedirs(folder, exist_ok=True)
        paths = []
        for number, data in enumerate(items):
            paths.append(f"{folder}/{number:03d}")
            with open(paths[-1], "wb") as file:
                file.write(data)
        if not paths:
            sys.exit(f"{name}: there are no seeds")
        with open(f"{folder}.list", "w", encoding="utf-8") as file:
            file.write(",".join(paths))


if __name__ == "__main__":
    main()
