"""What a finding says to type can be typed: every command of a fix runs as it stands, on tables with awkward names, and
the next audit has resolved the finding."""
import json
import subprocess

import lab
from program import Checks, Program
from scenario import healthy

TABLES = """
create table "the Parent" (id int primary key);
create table "Events 'x'\n\x1b[1m" (id int, "p Id" int references "the Parent" on delete cascade, at int) partition by range (at);
create table "Events 1" partition of "Events 'x'\n\x1b[1m" for values from (0) to (100);
create table "Events 2" partition of "Events 'x'\n\x1b[1m" for values from (100) to (200);
create table "Twice" (a int, "B b" int);
insert into "the Parent" select generate_series(1, 1000);
insert into "Events 'x'\n\x1b[1m" select g, 1 + g % 1000, g % 200 from generate_series(1, 100000) g;
insert into "Twice" select g, g from generate_series(1, 200000) g;
create index "Events 'x'\n\x1b[1m_p Id_idx" on "Twice" (a);
create index "first b" on "Twice" ("B b");
create index "second b" on "Twice" ("B b");
"""
EXPECTED = {("foreign-key-without-index", "bench.public.Events 'x'\n\x1b[1m"), ("duplicate-index", "bench.public.second b"),
            ("autovacuum-off", "autovacuum"), ("durability-off", "full_page_writes")}


def commands(fix):
    return [line for line in fix.split("\n") if line and not line.startswith("--")]


def main():
    t = Checks()
    with healthy() as server:
        server.sql("grant pg_read_all_data to dbperf")
        server.sql(TABLES, db="bench")
        for setting in ("autovacuum = off", "full_page_writes = off", "max_connections = 90"):
            server.sql(f"alter system set {setting}")
        server.reload()
        server.sql("analyze", db="bench")
        dbperf = Program(f"[target bench]\nurl = {server.url(db='bench')}\n[rule foreign-key-without-index]\nwaits = 1s\n")
        with server.session(db="bench") as old:
            old.sql("begin; select 1")
            lab.wait_until(lambda: server.sql("select max(now() - xact_start) > interval '2 s' from pg_stat_activity") == "t", 30, "an old transaction")
            key = [f for f in dbperf.audit("bench", "--interval", "0")["findings"] if f["rule"] == "foreign-key-without-index"]
            t.check(key and key[0]["fix"].startswith("-- first see to pid"), "an index is not built behind an old transaction", key)
        found = {(f["rule"], f["object"]): f for f in dbperf.audit("bench", "--interval", "0")["findings"]}
        t.check(EXPECTED <= set(found), "each planted fault is found by a single look", sorted(found))
        pending = found.get(("pending-restart", "configuration"))
        t.check(pending and "max_connections" in pending["summary"], "a setting that waits for a restart is named", sorted(found))
        for key in sorted(EXPECTED & set(found)):
            for command in commands(found[key]["fix"]):
                try:
                    server.sql(command, db="bench")
                    wrong = None
                except (lab.Failed, subprocess.CalledProcessError) as e:
                    wrong = e
                t.check(not wrong, f"{key[0]}: {command.split(chr(39))[0][:60]}", wrong)
        after = dbperf.audit("bench", "--interval", "0", status=0)
        left = EXPECTED & {(f["rule"], f["object"]) for f in after["findings"]}
        t.check(not left, "the next audit finds them no more", sorted(left))
        t.check(EXPECTED <= {(f["rule"], f["object"]) for f in after["resolved"]}, "and says that they are resolved", after["resolved"])

        script = json.loads(dbperf.run("doctor", server.url(user="postgres", db="bench"), "--format", "json").stdout)["scripts"][0]["script"]
        for turn in ("once", "twice"):
            done = subprocess.run([lab.tool("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", server.url(user="postgres", db="bench")],
                                  input=script, capture_output=True, text=True)
            t.check(done.returncode == 0, f"doctor's script runs {turn}", done.stderr + script)
        left = json.loads(dbperf.run("doctor", "bench", "--format", "json").stdout)["scripts"]
        t.check(not left or not left[0]["script"], "and then nothing is left to do", left)
    t.done()


lab.main(main)
