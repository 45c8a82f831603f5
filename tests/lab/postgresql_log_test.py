"""Logs that real servers write, stderr, csvlog and jsonlog of the same run: calls of every statement are those that
pg_stat_statements counts, their time is near its, and all formats tell the same.

For each version of the server that is there (DBPERF_LAB_PGBIN adds folders), with durations beside the text, with
log_statement and log_duration apart, and with auto_explain beside both.
"""
import collections, glob, json, os, subprocess, time

import lab
from program import Checks, Program

SETTINGS = {
    "logging_collector": "on", "log_directory": "logs", "log_filename": "pg.log", "log_rotation_size": "0",
    "shared_preload_libraries": "pg_stat_statements,auto_explain", "pg_stat_statements.track": "top", "pg_stat_statements.track_planning": "off",
    "log_connections": "on", "log_disconnections": "on", "log_lock_waits": "on", "deadlock_timeout": "100ms", "log_temp_files": "0",
    "log_autovacuum_min_duration": "0", "log_checkpoints": "on",
}
MODES = {
    "durations": {"log_min_duration_statement": "0"},
    "statements and durations apart": {"log_statement": "all", "log_duration": "on"},
    "plans": {"log_min_duration_statement": "0", "auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on",
              "auto_explain.log_format": "json"},
}
# One statement a call: of several in one text the server counts each, and its log has one.
SIMPLE = [
    "insert into cup (colour, note)\n\tvalues ('red', 'it''s; \"x\"'), ('blue', E'tab\\t\\nline')",
    "select * from cup where colour = 'red' order by note desc limit 2",
    "select /* inside ; */ 1 -- behind",
    "select a.id, b.id\n\n  from cup a\n  join cup b on a.colour = b.colour\n where a.id < b.id\n",
    "update cup set note = note || '!' where colour = 'blue'",
    "select $tag$2026-03-01 10:00:00.000 UTC [1] LOG:  duration: 5.000 ms  statement: select 'none'$tag$",
    "select 'a\n2026-03-01 10:00:00.000 UTC [1] postgres@lab/psql LOG:  duration: 6.000 ms  statement: select none'",
    "select pg_sleep(0.05)",
    "create temporary table if not exists saucer (id int)",
    "analyze cup",
    "set work_mem = '64kB'",
    "select count(*) from (select * from generate_series(1, 20000) g order by g desc offset 5) x",
    "begin",
    "select * from cup where id = 7 for update",
    "commit",
    "select '" + "x" * 20000 + "'",
    "select 1 as \"caf\u00e9 \U0001f375\"",
]
FAILING = ["select 1/0", "select * from nothing", "insert into cup (id) values (1)"]
SCRIPT = "\\set n random(1, 100)\nbegin;\nselect note from cup where id = :n;\nupdate cup set note = 'n' || :n where id = :n;\nend;\n"


def work(server):
    """The workload, and what the server counted: {(query): (calls, ms)}."""
    server.sql("create table cup (id serial primary key, colour text, note text); create extension pg_stat_statements", db="lab")
    server.sql("insert into cup (colour, note) select 'white', g from generate_series(1, 100) g", db="lab")
    with server.session(db="lab", app="till, 7 [x]") as session:
        server.sql("select pg_stat_statements_reset()", db="lab")
        for text in SIMPLE * 3:
            session.sql(text)
        for text in FAILING:
            try:
                session.sql(text)
            except lab.Failed:
                continue
            raise lab.Failed(f"{text} did not fail")
    near = lab.folder("pgbench")
    lab.write(f"{near}/script", SCRIPT)
    for protocol in ("prepared", "extended", "simple"):
        lab.run([lab.tool("pgbench"), "-n", "-c", "3", "-t", "40", "-M", protocol, "-f", f"{near}/script", "-h", lab.HOST, "-p", str(server.port),
                 "-U", "postgres", "lab"])
    time_of = "total_exec_time" if server.version >= 13 else "total_time"
    rows = json.loads(server.sql(f"select json_agg(json_build_array(query, calls, {time_of})) from pg_stat_statements s"
                                 " join pg_database d on d.oid = s.dbid where datname = 'lab' and query not like '%pg_stat_statements%'", db="lab"))
    return rows


def normalised(texts):
    """The fingerprint of each text."""
    if not os.environ.get("NORMALISE"):
        raise lab.Skip("NORMALISE does not name the normaliser")
    escape = lambda s: s.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    done = subprocess.run([os.environ["NORMALISE"]], input="".join(f"standard\t{escape(s)}\n" for s in texts), capture_output=True, text=True)
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def counted(rows):
    """What the server counted, by our fingerprint."""
    found = collections.defaultdict(lambda: [0, 0.0])
    for fingerprint, (_, calls, ms) in zip(normalised([r[0] for r in rows]), rows):
        found[fingerprint][0] += calls
        found[fingerprint][1] += ms
    return found


def digest(dbperf, path):
    document = json.loads(dbperf.run("digest", "--format", "json", "--all", path, status=0).stdout)
    return {s["fingerprint"]: s for s in document["statements"] if s["fingerprint"]}, document


def check(t, dbperf, server, mode):
    rows = work(server)
    lab.wait_until(lambda: "disconnection" in open(f"{server.data}/logs/pg.log", errors="replace").read()[-2000:], 20, "the log's end")
    server.stop()
    should = counted(rows)
    told = {}
    for kind in ["log", "csv"] + (["json"] if server.version >= 15 else []):
        found, document = digest(dbperf, f"{server.data}/logs/pg.{kind}")
        told[kind] = sorted((f, s["calls"], s["total_ms"], s["first_seen"], s["last_seen"]) for f, s in found.items())
        name = f"{server.version}, {mode}, {kind}"
        wrong = {f: (should[f][0], found.get(f, {}).get("calls"), found.get(f, {}).get("text")) for f in should
                 if found.get(f, {}).get("calls") != should[f][0]}
        t.check(not wrong, f"{name}: calls of {len(should)} statements are the server's own", wrong)
        ours, its = sum(found[f]["total_ms"] for f in should if f in found), sum(ms for _, ms in should.values())
        t.check(its * 0.95 <= ours <= its * 1.5 + 500, f"{name}: their time is near the server's", (ours, its))
        t.check(document["totals"]["skipped_lines"] == 0, f"{name}: every line is read", document["unread"])
        failures = sum(e["count"] for e in document["log_events"] if e["code"] in ("22012", "42P01", "23505") and e["severity"] == "ERROR")
        t.check(failures == len(FAILING), f"{name}: what failed is told by SQLSTATE", document["log_events"])
    t.check(all(kind == told["log"] for kind in told.values()), f"{server.version}, {mode}: all formats tell the same", told)


def versions():
    folders = [f for f in os.environ.get("DBPERF_LAB_PGBIN", "").split(":") if f]
    return sorted(set(folders + glob.glob("/usr/lib/postgresql/*/bin")))


def main():
    t = Checks()
    dbperf = Program()
    bins = versions() or [lab.binaries()]
    for bin in bins:
        number = int(subprocess.run([bin + "/postgres", "--version"], capture_output=True, text=True).stdout.split()[2].split(".")[0])
        for mode, settings in MODES.items():
            own = {k: v for k, v in {**SETTINGS, **settings}.items() if number >= 13 or k != "pg_stat_statements.track_planning"}
            own["log_destination"] = "stderr,csvlog" + (",jsonlog" if number >= 15 else "")
            with lab.Postgres(settings=own, name=f"pg{number}", bin=bin) as server:
                server.version = number
                server.sql("create database lab")
                check(t, dbperf, server, mode)
    t.done()


lab.main(main)
