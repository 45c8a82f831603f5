"""Slow logs that real servers write: every statement sent is an entry with the same text, and totals are the server's own.

What is compared with: Slow_queries, and the rows that performance_schema counts for the thread. LOG_DUMP is the program that
prints what the driver reads.
"""
import json, os, re, subprocess, time

import lab
import mysql

COMMON = {"log-queries-not-using-indexes": "ON"}
VERBOSITIES = ["", "query_plan", "explain", "innodb", "query_plan,explain,innodb", "full"]

WORKLOAD = [
    "insert into cup (colour, note) values ('red', 'a'), ('blue', 'b'), ('red', 'it''s \\' x')",
    "insert into cup (colour, note)\nselect colour, concat(note, '\n# Not a header: 5\n#\n;\n') from cup",
    "select * from cup where colour = 'red' order by note desc limit 2",
    "# a comment that begins the statement\nselect count(*) from cup",
    "select /* inside ; */ 1 -- behind;",
    "select a.id, b.id\n\n  from cup a\n  join cup b on a.colour = b.colour\n where a.id < b.id\n\n",
    "select distinct colour from cup union all select note from cup order by 1",
    "select cast('x\ny' as signed), 'caf\u00e9 \u0001\t', \"Rows_sent: 7  Rows_examined: 8\"",
    "update cup set note = concat(note, '!') where colour = 'blue'",
    "delete from cup where id > 1000",
    "use other",
    "select database()",
    "use `sh``op 2`",
    "set @a = 5",
    "SET timestamp=1700000000",
    "select now()",
    "SET timestamp=default",
    "select sleep(0.2)",
    "select " + ", ".join(f"'{i:0100d}'" for i in range(2000)),
    "call pour()",
    "select 'Tcp port: 5'\n'Time                 Id Command    Argument'",
]
FAILING = {"select nope\nfrom nowhere": "1146", "insert into cup (id) values (1)": "1062"}


def plain(text):
    """Without the blanks and semicolons at its end, which a server takes away before it adds its own."""
    return text.rstrip(" \n;")


def entries(path):
    """What the driver reads: dicts with numbers, `sql`, `shape`, `plan`; and what it skipped, as lines by reason."""
    run = subprocess.run([os.environ["LOG_DUMP"], "mysql", path], capture_output=True, text=True)
    if run.returncode:
        raise lab.Failed(f"log_dump: {run.stderr}")
    found, skipped = [], {}
    for line in run.stdout.split("\n"):
        if not line or line[0] == "#":
            continue
        kind, _, rest = line.strip().partition(" ")
        if line.startswith("  "):
            found[-1][kind] = json.loads(rest)
        elif kind == "skipped":
            skipped[rest.split()[0]] = int(re.search(r"lines=(\d+)", rest)[1])
        else:
            found.append({k: json.loads(v) if v[0] == '"' else v for k, v in re.findall(r'([a-z-]+)=("(?:[^"\\]|\\.)*"|\S+)', rest)})
            found[-1]["flags"] = set(rest.split()) & {"end", "cut", "local"}
    return found, skipped


def expect(what, is_, should):
    if is_ != should:
        raise lab.Failed(f"{what}: {is_!r}, should be {should!r}")


def rows_of(session):
    """Rows sent, examined and affected by this thread, as performance_schema counts them."""
    thread = session.sql("select thread_id from performance_schema.threads where processlist_id = connection_id()")[0][0]
    return [int(n) for n in session.sql(
        "select sum(sum_rows_sent), sum(sum_rows_examined), sum(if(event_name like 'statement/sp/%', 0, sum_rows_affected)) from "
        f"performance_schema.events_statements_summary_by_thread_by_event_name where thread_id = {thread}")[0]]


def slow_queries(session):
    return int(session.sql("show session status like 'Slow_queries'")[0][1])


def prepare(server):
    server.sql("create database other; create database `sh``op 2`")
    server.sql("create table cup (id int primary key auto_increment, colour varchar(20), note varchar(500)); "
               "create procedure pour() begin select count(*) from cup; select max(id) from cup; end", db="sh`op 2")
    server.sql("flush slow logs")
    os.truncate(server.slow_log, 0)


def work(server):
    """Runs the workload in one session while nothing else runs. How many statements the server counted as slow."""
    with server.session("sh`op 2") as session:
        before = slow_queries(session)
        for number, text in enumerate(WORKLOAD):
            session.sql(text)
            if number == 10:
                server.rotate()
        for text, code in FAILING.items():
            try:
                session.sql(text)
                raise lab.Failed(f"{text} did not fail")
            except lab.Failed as e:
                expect("its failure", str(e).split()[0], code)
        session.execute("select id + ? from cup where colour = ?", "5", "red")
        after = slow_queries(session)
        session.sql("do 0")  # an entry is written behind its answer, but before the next
    return after - before


def rotate(server):
    """What log rotation does: the server opens its log anew and writes its three lines again."""
    server.sql("flush slow logs")


def check(server, has_affected=False, has_errors=False, has_plans=False, inner=0):
    """inner: statements in procedures, where the server counts them as slow and does not log them."""
    begun = time.time()
    count = work(server)
    ended = time.time()
    found, skipped = entries(server.slow_log)
    texts = [plain(e["sql"]) for e in found if "sql" in e]
    for text in [*WORKLOAD, *FAILING]:
        if texts.count(plain(text)) != 1:
            raise lab.Failed(f"{text[:200]!r} is {texts.count(plain(text))} times in the log")
    # from one `show session status` to the other, without the session that rotates
    first, last = [i for i, e in enumerate(found) if e.get("sql", "").startswith("show session status")]
    others = ("flush slow logs;\n", "administrator command: Quit")
    own = [e for e in found[first:last] if e.get("sql", e.get("shape")) not in others]
    expect("entries", len(own), count - inner)
    expect("lines that were not read", {k: v for k, v in skipped.items() if k not in ("known", "number")}, {})
    by_text = {t: e for t, e in zip(texts, [e for e in found if "sql" in e])}
    for text, entry in by_text.items():
        expect(f"{text[:60]!r} is cut", "cut" in entry["flags"], False)
        expect("user and host", (entry["user"], entry["host"]), ("root", "localhost"))
    inherited = None
    for entry in found:
        inherited = entry.get("database") if entry.get("database") != "inherited" else inherited
        entry["database"] = inherited
    expect("database", [by_text[t]["database"] for t in ("select database()", "set @a = 5")], ["other", "sh`op 2"])
    nap = int(by_text["select sleep(0.2)"]["total"])
    if not 200_000 <= nap < 400_000:
        raise lab.Failed(f"sleep(0.2) took {nap} us")
    for entry in found[:texts.index("SET timestamp=1700000000")]:  # behind it MariaDB's moments are the session's own
        at = time.mktime(time.strptime(entry["at"][:19], "%Y-%m-%dT%H:%M:%S")) if entry["at"] != "inherited" else begun
        if not begun - 5 <= at <= ended + 2:
            raise lab.Failed(f"an entry at {entry['at']}")
    if has_affected:
        expect("rows affected", by_text["update cup set note = concat(note, '!') where colour = 'blue'"]["affected"], "2")
    if has_errors:
        expect("error codes", [by_text[t].get("code") for t in FAILING], list(FAILING.values()))
    expect("plans", "plan" in by_text[WORKLOAD[2]], has_plans)
    return found


def check_rows(server, has_affected):
    """The sums of the log's rows are those of performance_schema."""
    os.truncate(server.slow_log, 0)
    with server.session("sh`op 2") as session:
        before = rows_of(session)
        for text in WORKLOAD[:10]:
            session.sql(text)
        after = rows_of(session)
        session.sql("do 0")
    found, _ = entries(server.slow_log)
    looks = [i for i, e in enumerate(found) if "summary_by_thread_by_event_name" in e.get("sql", "")]
    names = ["returned", "examined"] + (["affected"] if has_affected else [])
    # a look does not see itself: the second has seen the first, and what came before it
    sums = [sum(int(e.get(name, 0)) for e in found[looks[0]:looks[1]]) for name in names]
    expect(f"rows {names}", sums, [b - a for a, b in zip(before, after)][:len(names)])


def test():
    for verbosity in VERBOSITIES:
        with mysql.MariaDB({**COMMON, "log-slow-verbosity": verbosity}, name="maria") as server:
            server.rotate = lambda: rotate(server)
            prepare(server)
            check(server, has_affected=True, has_plans="explain" in verbosity or verbosity == "full")
            check_rows(server, True)
            print(f"ok MariaDB, log_slow_verbosity '{verbosity}'", flush=True)
    for extra in ("OFF", "ON"):
        try:
            server = mysql.MySQL({**COMMON, "log-slow-extra": extra}, name="mysql")
        except lab.Skip as e:
            print(f"# SKIP {e}")
            return
        with server:
            server.rotate = lambda: rotate(server)
            prepare(server)
            check(server, has_errors=extra == "ON", inner=2)
            check_rows(server, False)
            print(f"ok MySQL, log_slow_extra {extra}", flush=True)


lab.main(test)
