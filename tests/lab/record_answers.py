"""Records answers of a real server to the driver's probes, for tests/unit/probe_test.c: the scenario of record is looked
at, and what its server says to each statement that dbperf sends is written to drivers/postgresql/test/PROBE.answer.

    DBPERF=build/src/dbperf python3 tests/lab/record_answers.py [PROBE…]
"""
import os
import re
import subprocess
import sys

import lab
from program import Program
from scenario import LOW, Scenario

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../drivers/postgresql/test")
ROWS = 12  # of each answer: enough to show what its columns hold


def statements(shown):
    """{probe: its first statement} of what --show-sql printed."""
    parts = re.split(r"^-- \S+, probe (\w+).*\n", shown, flags=re.M)
    bare = [re.sub(r"^BEGIN .*?/\* dbperf \*/ |\n;COMMIT\s*$", "", sql, flags=re.S) for sql in parts[2::2]]
    return {name: sql for name, sql in reversed(list(zip(parts[1::2], bare)))}


def main():
    wanted = sys.argv[1:]
    with Scenario() as shop:
        shop.grant_more()
        shop.load(LOW)
        shop.trouble()
        url = shop.url()
        shown = Program().run("audit", url, "--no-store", "--interval", "0", "--show-sql", "--quiet")
        for probe, sql in statements(shown.stdout + shown.stderr).items():
            if wanted and probe not in wanted:
                continue
            copy = "copy (" + sql.strip().rstrip(";") + "\n) to stdout (header)"
            said = subprocess.run([lab.tool("psql"), "-XqAt", url, "-c", copy], capture_output=True, text=True)
            lines = said.stdout.splitlines()
            if said.returncode or len(lines) < 2:
                print(f"# {probe}: {said.stderr.strip() or 'no rows'}")
                continue
            with open(os.path.join(FOLDER, probe + ".answer"), "w") as file:
                file.write(f"# PostgreSQL 15, the scenario of record, as dbperf's role saw it.\nrecording 1\nprobe {probe}\nanswer {probe}\n"
                           + "columns " + lines[0].replace("\t", " ") + "\n" + "".join(f"{line}\n" for line in lines[1:ROWS + 1]) + "\\.\n")
            print(f"# {probe}: {len(lines) - 1} rows, at most {ROWS} kept")


lab.main(main)
