"""One statement seen by every source of a real server: as it was sent, as the server's statistics keep it, as its logs say it.

seen(engine, texts) runs the texts, in order, in one session of a fresh server, and gives for each of them a dict of the other
sources: digest (MariaDB, MySQL) or pg_stat_statements, log, plan (PostgreSQL's auto_explain; only what it explains).
engines: postgresql, mariadb, mysql. normalise(dialect, texts) gives fingerprint and normalised text of each.
"""
import csv, io, json, os, re, subprocess

import lab, mysql

DIALECTS = {"postgresql": "standard", "mariadb": "backtick", "mysql": "backtick"}
PG_SCHEMA = """create extension pg_stat_statements; create schema audit; create role bob;
create table t (id int primary key, a int, b int, c text, d date, j jsonb, n numeric, l int[], at timestamptz, g int);
create table u (id int, t_id int, x int, y text); create table "Odd Name" ("Id" int, "user" text, "order" int);
create table parent (id int, day date) partition by range (day); create table audit.log (id serial, what text);
insert into t select g, g, g, 'x' from generate_series(1, 10) g; insert into u select g, g, g, 'y' from generate_series(1, 10) g;
create function f(int) returns int language sql as 'select $1'; create procedure p(int, text) language sql as 'select 1'; analyze"""
MY_SCHEMA = [
    "create database d", "use d",
    "create table t (id int primary key, a int, b int, c varchar(50) character set utf8mb4, d date, j json, n decimal(10,2), at datetime, "
    "key ia (a), fulltext key (c))",
    "create table u (id int auto_increment primary key, x int, y varchar(10))", "create table u2 (id int primary key, a int)",
    "create table `Odd Name` (`Id` int, `user` text)",
    "create table kw (`user` int, `value` int, `offset` int, `status` int, `type` int, `key` int, `date` int, `name` int, `any` int, "
    "`position` int, `end` int, `only` int, `array` int, `year` int, `month` int, `day` int, `hour` int, `second` int, `rank` int, "
    "`row` int, `groups` int, `label` int, `copy` int, `data` int, `system` int, `fields` int, `columns` int, `copyright` int, `first` int)",
    "create table 123tab (123abc int, 2x int)", "create table dol ($dollar int, a$b int)", "create table uni (é varchar(5), `ü` varchar(5))",
    "create table pt (a int, b int) partition by hash(a) partitions 2", "insert into t (id, a, b, c) values (1, 1, 1, 'x'), (2, 2, 2, 'y')",
    "create procedure p(x int, y varchar(10)) select 1", "create procedure p2() select 2",
    "create function f1(x int) returns int deterministic return x"]


def escape(text):
    for c, e in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(c, e)
    return text


def unescape(text):
    return re.sub(r"\\([\\ntr])", lambda m: {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}[m[1]], text)


def normalise(dialect, texts):
    program = os.environ.get("NORMALISE")
    if not program:
        raise lab.Failed("NORMALISE names no program (build/tests/lab/normalise)")
    lines = "".join(f"{dialect}\t{escape(text)}\n" for text in texts)
    out = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout
    return [(line.split("\t")[0], unescape(line.split("\t")[1])) for line in out.splitlines()]


def pairs(path):
    """The statements of a file of pairs: its first columns, without comments."""
    with open(path, encoding="utf-8") as file:
        return [unescape(line.rstrip("\n").split("\t")[0]) for line in file if line.strip() and not line.startswith("#")]


def postgresql(texts):
    settings = {"shared_preload_libraries": "pg_stat_statements,auto_explain", "log_min_duration_statement": "0", "log_destination": "csvlog",
                "logging_collector": "on", "log_directory": "log", "log_filename": "pg.log", "auto_explain.log_min_duration": "0",
                "auto_explain.log_format": "json", "compute_query_id": "on", "max_prepared_transactions": "5"}
    with lab.Postgres(name="statements", settings=settings) as server, server.session() as session, server.session() as monitor:
        for text in PG_SCHEMA.split(";"):
            session.sql(text)
        found = []
        for text in texts:
            monitor.sql("select pg_stat_statements_reset()")
            error = attempt(session, text, ("42601",))
            rows = monitor.sql("select query from pg_stat_statements where query not like '%pg_stat_statements%' and toplevel"
                               " order by length(query) desc")
            found.append({"pg_stat_statements": rows[0][0]} if rows and not error else {})
        session.sql("select 'the end'")
        path = server.data + "/log/pg.csv"
        logged = lab.wait_until(lambda: pg_log(path, session.pid), 20, "the log has all of it")
    at = 0
    for text, sources in zip(texts, found):  # the log is in the order of the statements; what failed is not in it
        for entry in logged[at:]:
            if entry["log"] == text:
                sources.update(entry)
                at = logged.index(entry, at) + 1
                break
    return found


def pg_log(path, pid):
    """What the CSV log says of a session's statements; nothing as long as the last one is not there."""
    entries, plan = [], None
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.reader(io.StringIO(file.read())):
            message = row[13]
            if row[3] != str(pid):
                continue
            statement = re.match(r"(?s)duration: [\d.]+ ms  statement: (.*)", message)
            if "  plan:\n" in message:
                plan = json.loads(message.split("  plan:\n", 1)[1])["Query Text"]
            elif statement:
                runs_others = re.match(r"(?i)call|do", statement[1])  # the plan is of a statement inside
                entries.append({"log": statement[1], **({"plan": plan} if plan and not runs_others else {})})
                plan = None
    return entries if entries and entries[-1]["log"].startswith("select 'the end'") else None


def attempt(session, text, fatal):
    """Runs the text; an error of the codes is one of the test, any other (no such row, …) is the statement's."""
    try:
        session.sql(text)
    except lab.Failed as error:
        if str(error).startswith(fatal):
            raise lab.Failed(f"{error}: {text}")
        return str(error)


def my(server_class, texts):
    settings = {"performance-schema-consumer-events-statements-current": "ON", "log-bin-trust-function-creators": "1",
                "performance-schema-consumer-events-statements-history": "ON"}
    with server_class(settings) as server, server.session() as session, server.session() as monitor:
        for text in MY_SCHEMA:
            session.sql(text)
        number = session.sql("select connection_id()")[0][0]
        thread = monitor.sql(f"select thread_id from performance_schema.threads where processlist_id = {number}")[0][0]
        begin = os.path.getsize(server.slow_log)
        monitor.sql("truncate table performance_schema.events_statements_history_long")
        for text in texts:
            attempt(session, text, ("1064",))
        session.sql("select 'the end'")
        digests = lab.wait_until(lambda: my_digests(monitor, thread), 20, "the digests have all of it")
        logged = lab.wait_until(lambda: my_log(server.slow_log, begin, number), 20, "the slow log has all of it")
    if len(logged) != len(texts) or len(digests) != len(texts):
        raise lab.Failed(f"{len(texts)} statements were sent, {len(logged)} are in the slow log, {len(digests)} in the statistics")
    return [{"log": log, **({"digest": digest} if digest else {})} for log, digest in zip(logged, digests)]


def my_digests(monitor, thread):
    """The digests of a session's statements, in order; nothing as long as the last one is not there."""
    rows = monitor.sql("select digest_text, sql_text from performance_schema.events_statements_history_long where thread_id ="
                       f" {thread} and event_name not like 'statement/sp/%' and event_name not like 'statement/com/%' order by event_id")
    return [digest for digest, _ in rows[:-1]] if rows and rows[-1][1] == "select 'the end'" else None


def my_log(path, begin, number):
    texts = [text for text, connection in mysql.slow_texts(path, begin) if connection == number]
    return texts[:-1] if texts and texts[-1] == "select 'the end'" else None


def seen(engine, texts):
    return postgresql(texts) if engine == "postgresql" else my(mysql.MariaDB if engine == "mariadb" else mysql.MySQL, texts)
