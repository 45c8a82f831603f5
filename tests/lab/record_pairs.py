"""Records what pg_stat_statements makes of each statement of tests/unit/statement_pairs.txt, on a real server.

    python3 tests/lab/record_pairs.py tests/unit/statement_pairs.txt     rewrites the file: raw, tab, the server's text

Lines that begin with # stay; a statement that the server refuses is an error. The unit test then asks for one fingerprint.
"""
import json, sys

import lab

SCHEMA = """create table t (id int primary key, a int, b int, c text, d date, j jsonb, n numeric, l int[], at timestamptz);
create table u (id int, t_id int, x int, y text); create table "Odd Name" ("Id" int, "user" text);
insert into t select g, g, g, 'x' from generate_series(1, 10) g; insert into u select g, g, g, 'y' from generate_series(1, 10) g;
create function f(int) returns int language sql as 'select $1'; analyze"""
TEXTS = "select to_json(query) from pg_stat_statements where query not like '%pg_stat_statements%' and toplevel order by length(query) desc"


def main(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t")[0] for line in file]
    recorded = []
    with lab.Postgres(name="pairs") as server:
        server.sql("create extension pg_stat_statements")
        server.sql(SCHEMA)
        for line in lines:
            if not line or line.startswith("#"):
                recorded.append(line)
                continue
            server.sql("select pg_stat_statements_reset()")
            server.sql(line.replace("\\n", "\n"))
            texts = [json.loads(row) for row in server.sql(TEXTS).splitlines()]
            if not texts:
                raise lab.Failed(f"the server keeps nothing of: {line}")
            recorded.append(line + "\t" + texts[0].replace("\n", "\\n").replace("\t", " "))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(recorded) + "\n")


lab.main(lambda: main(sys.argv[1]))
