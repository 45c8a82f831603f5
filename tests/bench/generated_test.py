"""Generated logs through the whole program: as many statements as shapes were generated, and the generator's own sums,
with one thread and with two."""
import json, os, subprocess, sys, tempfile

FORMATS = sys.argv[1:]
MEGABYTES = "8"


def digest(path, threads):
    run = subprocess.run([os.environ["DBPERF"], "digest", "--threads", str(threads), "--format", "json", "--all", path],
                         capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{path}: status {run.returncode}: {run.stderr}")
    return json.loads(run.stdout)


def main():
    print(f"1..{len(FORMATS)}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(FORMATS, 1):
            path = f"{folder}/{name}.log"
            with open(path, "wb") as file:
                run = subprocess.run([os.environ["GENERATE_LOG"], "-m", MEGABYTES, "-s", "7", name], stdout=file,
                                     stderr=subprocess.PIPE, text=True, check=True)
            truth = json.loads(run.stderr)
            should = {"events": truth["events"], "unique": truth["shapes"], "total_ms": truth["total_us"] / 1000, "bytes": truth["bytes"],
                      "skipped_lines": 0, "rows_examined": truth["rows_examined"], "rows_returned": truth["rows_returned"]}
            for threads in (1, 2):
                found = digest(path, threads)
                found["totals"] |= {k: sum(s[k] for s in found["statements"]) for k in ("rows_examined", "rows_returned")}
                wrong = {k: (found["totals"][k], v) for k, v in should.items() if found["totals"][k] != v}
                print(f"{'not ok' if wrong else 'ok'} {number} - {name}, {threads} threads" if wrong or threads == 2 else "#", wrong or "")
                failed |= bool(wrong)
    sys.exit(failed)


main()
