"""Records answers of a real server to the driver's probes, for tests/unit/probe_test.c: the scenario of record is looked
at, and what its server says to each statement that dbperf sends is written to drivers/postgresql/test/PROBE.answer.

    DBPERF=build/src/dbperf python3 tests/lab/record_answers.py [PROBE…]
"""
import contextlib
import os
import re
import subprocess
import sys

import lab
from program import Program
from scenario import LOW, SPARE, Scenario

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../drivers/postgresql/test")
MAINTENANCE = 4  # connections that maintenance() takes
ROWS = 12  # of each answer: enough to show what its columns hold


def statements(shown):
    """{probe: its first statement} of what --show-sql printed."""
    parts = re.split(r"^-- \S+, probe (\w+).*\n", shown, flags=re.M)
    bare = [re.sub(r"^BEGIN .*?/\* dbperf \*/ |\n;COMMIT\s*$", "", sql, flags=re.S) for sql in parts[2::2]]
    return {name: sql for name, sql in reversed(list(zip(parts[1::2], bare)))}


@contextlib.contextmanager
def maintenance(shop):
    """A VACUUM that crawls, and an index build that waits for a writer: what progress is told of."""
    server = shop.primary
    with server.session("shop") as writer, server.session("shop") as vacuum, server.session("shop") as build:
        writer.sql("begin; update products set price = price where id = 1")
        vacuum.sql("set vacuum_cost_delay = 100; set vacuum_cost_limit = 1")
        vacuum.send("vacuum (disable_page_skipping) order_items")
        build.send("create index concurrently on products (price)")
        lab.wait_until(lambda: server.sql("select count(*) from pg_stat_progress_create_index, pg_stat_progress_vacuum", db="shop") == "1",
                       30, "maintenance")
        yield


def record(url, wanted):
    shown = Program().run("audit", url, "--no-store", "--interval", "0", "--show-sql", "--quiet")
    asked = statements(shown.stdout + shown.stderr)
    if not asked:
        raise lab.Failed(f"nothing was asked: {shown.stderr}")
    for probe, sql in asked.items():
        if wanted and probe not in wanted:
            continue
        copy = "copy (" + sql.strip().rstrip(";").replace("{statements}", "public") + "\n) to stdout (header)"
        said = subprocess.run([lab.tool("psql"), "-XqAt", url, "-c", copy], capture_output=True, text=True)
        lines = said.stdout.splitlines()
        if said.returncode or len(lines) < 2:
            print(f"# {probe}: {said.stderr.strip() or 'no rows'}")
            continue
        with open(os.path.join(FOLDER, probe + ".answer"), "w") as file:
            file.write(f"# PostgreSQL 15, the scenario of record, as dbperf's role saw it.\nrecording 1\nprobe {probe}\nanswer {probe}\n"
                       + "columns " + lines[0].replace("\t", " ") + "\n" + "".join(f"{line}\n" for line in lines[1:ROWS + 1]) + "\\.\n")
        print(f"# {probe}: {len(lines) - 1} rows, at most {ROWS} kept")


def main():
    wanted = sys.argv[1:]
    with Scenario() as shop:
        shop.grant_more()
        shop.load(LOW)
        shop.saturate(spare=SPARE + MAINTENANCE)
        shop.block()
        with maintenance(shop):
            record(shop.url(), wanted)


lab.main(main)
