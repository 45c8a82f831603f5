"""A look at 5,000 statements on a real server, against a bare libpq program that reads the same columns.

Prints figures, judges nothing: the ratio of the statement probe (first byte sent to last row taken) to the bare read with
the very same text, medians of alternating runs; the peak memory of dbperf's processes; what a quick look costs the server.

    DBPERF=build/src/dbperf BARE=build/tests/bench/bare_libpq python3 tests/bench/look_bench.py
"""
import json, os, resource, statistics, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
import lab
from program import Program

STATEMENTS, ROUNDS = 5000, 5


def statement_of(dbperf, url):
    """The text that the statement probe sends."""
    shown = dbperf.run("sql", "--show-sql", url, "SELECT 1", status=0)
    text = shown.stderr + shown.stdout
    begin = text.index("s.queryid AS native_id")
    begin = text.rindex("SELECT", 0, begin)
    return text[begin:text.index("application_name'))", begin) + len("application_name'))")]


def main():
    with lab.Postgres(name="bench", settings={"pg_stat_statements.max": "10000"}) as server:
        server.sql("create extension pg_stat_statements")
        names = ", ".join(f"c{i} int" for i in range(100))
        server.sql(f"create table wide ({names})")
        texts = [f"select c{i // 100}, c{i % 100} from wide where c{i % 97} = 1 and c{i // 97} = 2;" for i in range(STATEMENTS)]
        server.sql("\n".join(texts), seconds=300)
        lab.create_monitor(server)
        url = server.url()
        dbperf = Program()
        dbperf.run("audit", "--quick", "--interval", "0", url, status=(0, 1))  # the texts are known from now on
        sent = statement_of(dbperf, url)
        asked = "begin read only;set local search_path=pg_catalog, pg_temp;" + sent + ";commit"
        ours, bare = [], []
        for _ in range(ROUNDS):
            done = dbperf.run("sql", "--format", "json", url, "SELECT max(cost_us) AS cost, max(rows) AS rows FROM probe_run WHERE probe = 'statement'", status=0)
            row = next(value for value in json.loads(done.stdout).values() if isinstance(value, list))[0]
            ours.append(row["cost"])
            read = subprocess.run([os.environ["BARE"], url, "1"], input=asked, capture_output=True, text=True, check=True).stdout.split()
            bare.append(float(read[0]))
        print(f"look: {row['rows']} rows, {statistics.median(ours) / 1000:.1f} ms against {statistics.median(bare) / 1000:.1f} ms bare:"
              f" ratio {statistics.median(ours) / statistics.median(bare):.2f} (goal 1.6)")
        dbperf.run("audit", "--interval", "1s", url, status=(0, 1))
        print(f"memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at the most in one process (goal 96 for all)")


lab.main(main)
