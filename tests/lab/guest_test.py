"""A guest on the server: only reading transactions with limits, one connection, nothing left open; and no literal of a
statement, password or index reaches the store, a capture or a report."""
import glob, os, re

import lab
from program import Checks, Program

ALLOWED = re.compile(r"^(BEGIN READ ONLY, ISOLATION LEVEL READ COMMITTED|SET LOCAL \w+ ?= ?.*|COMMIT|ROLLBACK|(/\* dbperf \*/ *)?(SELECT|WITH)\b.*)$", re.S | re.I)
CANARY = "CANARY"
STATEMENTS = [
    "select 'CANARY1' as a, $q$CANARY2$q$, E'CANARY\\'3', 987654321077",
    "select count(*) from secret where note = 'CANARY4' and id in (987654321077, 987654321078) /* CANARY5 */",
    "alter role locked password 'CANARY6'",
    "create role other login password 'CANARY7'",
    "comment on table secret is 'CANARY8'",
    "do $$ begin perform 'CANARY9'; end $$",
    "set application_name = 'x'; select set_config('my.secret', 'CANARY10', false)",
    "prepare p as select 'CANARY11'; execute p; deallocate p",
    "create user mapping for public server away options (password 'CANARY12')",
    "select count(*) from secret where id in (1, 2)",         # two ids of the server's, one statement of ours
    "select count(*) from secret where id in (1, 2, 3, 4)",
    "select count(*) from secret where abs(id) = 1 or id = 2",  # a column plain and in an expression
]


def statements(log):
    """The statements of ours in the server's log; each goes up to the next line of the log."""
    entries = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d )", log)
    for entry in entries:
        found = re.search(r"dbperf@\S+ .*?(?:LOG|ERROR|FATAL):\s+(?:statement|execute [^:]*): (.*)", entry, re.S)
        if found:
            yield found.group(1).strip()


def main():
    t = Checks()
    settings = {"log_statement": "all", "log_line_prefix": "%m [%p] %u@%d ", "log_connections": "on", "pg_stat_statements.track": "all"}
    with lab.Postgres(name="guest", settings=settings) as server:
        server.sql("create database shop")
        server.sql("create extension pg_stat_statements; create extension postgres_fdw; create server away foreign data wrapper postgres_fdw;"
                   "create role locked login; create table secret (id bigint, note text, at date);"
                   "insert into secret select g, 'n' || g from generate_series(1, 20000) g;"
                   "create index partial on secret (id) where note <> 'CANARY13' and id > 987654321077;"
                   "create index expression on secret ((note || 'CANARY14')); alter table secret add check (note <> 'CANARY15'); analyze", "shop")
        lab.create_monitor(server)
        server.sql("grant pg_read_all_data to dbperf")
        for text in STATEMENTS:
            server.sql(text, "shop")
        holder = server.session("shop", "postgres", "holder")
        holder.sql("begin")
        holder.sql("select count(*) from secret where note = 'CANARY16'")
        dbperf = Program()
        capture = os.path.join(dbperf.folder, "look.capture")
        url = server.url(db="shop")
        outputs = [dbperf.run("audit", url, "--interval", "1s", "--all", "--format", form, "--capture", capture, status=(0, 1)) for form in ("text", "json")]
        outputs.append(dbperf.run("now", url, "--interval", "1s", status=(0, 1)))
        outputs.append(dbperf.run("doctor", url, status=0))
        outputs.append(dbperf.run("findings", "list", "--all"))
        holder.close()
        shown = "".join(done.stdout + done.stderr for done in outputs)
        t.check(CANARY not in shown and "987654321" not in shown, "no literal in a report", [l for l in shown.splitlines() if CANARY in l])
        for path in [capture, *glob.glob(dbperf.store + "*")]:
            with open(path, "rb") as file:
                content = file.read()
            at = content.find(b"CANARY")
            at = at if at >= 0 else content.find(b"987654321")
            t.check(at < 0, f"no literal in {os.path.basename(path)}", content[max(0, at - 80):at + 80])

        done = dbperf.run("sql", capture, "select count(*) from statement_column")
        t.check(done.returncode == 0, "the capture can be read", done.stdout + done.stderr)

        log = server.log()
        sent = list(statements(log))
        parts = [part.strip() for text in sent for part in split(text)]
        bad = [part for part in parts if part and not ALLOWED.match(part)]
        t.check(len(sent) > 50 and not bad, "only reading transactions with local limits", "\n".join(bad[:5]))
        t.check(sum("BEGIN READ ONLY" in text for text in sent) == len(sent), "every statement stands in its own transaction",
                "\n".join(text[:200] for text in sent if "BEGIN READ ONLY" not in text))
        limits = {int(n) for text in sent for n in re.findall(r"SET LOCAL statement_timeout ?= ?(\d+)", text)}
        t.check(limits and not [n for n in limits if n % (1000 if n >= 1000 else 100)],
                "limits are round numbers: statement statistics keep each wording of SET", sorted(limits))
        begin = len(log)
        printed = dbperf.run("now", url, "--no-store", "--interval", "1s", "--show-sql").stderr
        hidden = [text for text in statements(server.log()[begin:]) if flat(text) not in flat(printed)]
        t.check("{statements}" not in printed and "connecting" in printed and not hidden, "--show-sql prints what is sent", "\n".join(hidden[:3]))
        left = server.sql("select count(*) from pg_stat_activity where usename = 'dbperf'")
        t.check(left == "0", "no connection is left", left)
        errors = [line for line in log.splitlines() if "dbperf@" in line and ("ERROR" in line or "FATAL" in line)]
        t.check(not errors, "no error in the server's log", "\n".join(errors))
    t.done()


def flat(text):
    """With one blank for each run of white space: the log indents lines."""
    return " ".join(text.split())


def split(text):
    """The statements of one string: parted by semicolons outside of quotes and comments."""
    return re.findall(r"(?:--[^\n]*|[^;'\"]|'[^']*'|\"[^\"]*\")+", text)


lab.main(main)
