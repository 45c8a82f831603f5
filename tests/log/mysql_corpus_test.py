"""The corpus' slow logs through `dbperf digest`: events, times and rows are those of its manifest, but for what is explained."""
import json, os, subprocess, sys

SHARED = os.environ["DBPERF_SHARED"]
EVENTS = ("src:events", "src:agg_total_queries", "cnt:cnt_query_time_lines")
SECONDS = ("src:sum_query_time", "src:agg_sum_query_time", "cnt:sum_query_time_lines")
# Rows are sums over a statement's calls, and a call of a log that has one of two stands for two; events are as read.
WEIGHTED = {"percona-slow/ptk__slow059.txt": 2}
REFUSED = {"mysql-slow/ptk-pqd__pt-234.log": "no log of a known format"}  # another tool's report
# A statement behind an administrator command without its semicolon: no server writes that, and its lines are not read.
UNKNOWN_LINES = {"mysql-slow/mozlpeg__slow_query_log.log": 3}


def facts(text):
    return dict(f.strip().split("=", 1) for f in text.split(";") if "=" in f)


def wrongs(file, known):
    run = subprocess.run([os.environ["DBPERF"], "digest", "--format", "json", "--all", f"{SHARED}/corpus/{file}"], capture_output=True, text=True)
    if file in REFUSED:
        if run.returncode != 3 or REFUSED[file] not in run.stderr:
            yield f"status {run.returncode}, {run.stderr.strip()}"
        return
    if run.returncode != (3 if file in UNKNOWN_LINES else 0):
        yield f"status {run.returncode}: {run.stderr.strip()}"
    found = json.loads(run.stdout)
    totals = found["totals"]
    examined = sum(s["rows_examined"] or 0 for s in found["statements"])
    for name in EVENTS:
        if name in known and int(known[name]) != totals["events"]:
            yield f"{totals['events']} events, {name} says {known[name]}"
    for name in SECONDS:
        if name in known and abs(float(known[name]) * 1000 - totals["total_ms"]) > 0.001:
            yield f"{totals['total_ms']} ms, {name} says {known[name]} s"
    if int(known.get("cnt:sum_rows_examined", examined)) * WEIGHTED.get(file, 1) != examined:
        yield f"{examined} rows examined, not {known['cnt:sum_rows_examined']}"
    if totals["skipped_lines"] != UNKNOWN_LINES.get(file, 0):
        yield f"{totals['skipped_lines']} lines were not read"


def main():
    try:
        with open(f"{SHARED}/corpus/MANIFEST.tsv", encoding="utf-8") as manifest:
            rows = [line.rstrip("\n").split("\t") for line in manifest]
    except FileNotFoundError:
        print("skipped: the corpus is not at hand")
        sys.exit(77)
    rows = [row for row in rows if row[0].startswith(("mysql-slow/", "mariadb-slow/", "percona-slow/"))]
    found = [(row[0], wrong) for row in rows for wrong in wrongs(row[0], facts(row[8]))]
    for file, wrong in found:
        print(f"{file}: {wrong}")
    print(f"{len(rows)} files, {len(found)} differences")
    sys.exit(bool(found) or len(rows) != 63)


main()
