"""Rules on 5,000 statements, 10,000 tables and 20,000 indexes: CPU of each rule, and of all (goal 0.3 s).

Makes a capture of that size, plausible and healthy but for one table in a hundred, and lets dbperf judge it.

    DBPERF=build/src/dbperf python3 tests/bench/judge_bench.py
"""
import json, os, random, re, sqlite3, subprocess, sys, tempfile

STATEMENTS, TABLES, INDEXES = 5000, 10000, 20000
FACTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "facts", "facts.sql")


def main():
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "big.capture")
        db = sqlite3.connect(path)
        with open(FACTS, encoding="utf-8") as file:
            db.executescript(re.sub(r"CREATE TABLE (\w+) \(", r"CREATE TABLE \1 (snapshot INTEGER, look INTEGER,", file.read()))
        db.execute("PRAGMA application_id = 0x64627063")
        db.execute("PRAGMA user_version = 1")

        def put(table, look=0, **values):
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join("?" * len(values))
            db.execute(f'INSERT INTO "{table}" (snapshot, look, {names}) VALUES (7, {look}, {marks})', list(values.values()))

        put("snapshot", target="big", engine="postgresql", taken_at=1767225600000000, window_us=10000000, server_id="1", role="primary")
        for look in (0, 1):
            for fact in ("statement", "relation", "index_stat", "session", "pool", "blocking", "foreign_key", "column_stat", "statement_text",
                         "sequence", "setting", "metric", "database", "replica", "replication_slot", "horizon", "progress"):
                put("probe_run", look, probe=fact, fact=fact, state="complete")
            for i in range(TABLES):
                put("relation", look, database="shop", schema="public", relation=f"t{i}", kind="table", rows=i * 100, pages=i, size_bytes=i * 8192,
                    live_rows=i * 100, dead_rows=i % 50, seq_scans=i % 100 == 0 and look * 5, seq_rows_read=(i % 100 == 0) * look * i * 500,
                    index_scans=look * 100, index_rows_fetched=look * 100, rows_inserted=look * 10, rows_deleted=look * (i % 100 == 0),
                    vacuum_threshold=i * 20, since_at=1)
            for i in range(INDEXES):
                put("index_stat", look, database="shop", schema="public", relation=f"t{i % TABLES}", name=f"t{i % TABLES}_{i // TABLES}",
                    method="btree", columns=json.dumps([{"column": ["id", "a"][i // TABLES], "opclass": "int8_ops"}]), is_unique=i < TABLES,
                    is_primary=i < TABLES, is_constraint=i < TABLES, is_valid=1, size_bytes=i * 4096, rows=i * 100, scans=look * 50, since_at=1)
            for i in range(STATEMENTS):
                put("statement", look, native_id=i, database="shop", user="web", calls=look * chance.randint(1, 900),
                    total_us=look * chance.randint(1, 9000), rows_returned=look, since_at=1)
        for i in range(STATEMENTS):
            put("statement_text", native_id=i, fingerprint=i + 1000000, text=f"select b from t{i * 2} where a = ?", verb="select", tables=f'["t{i * 2}"]')
            put("statement_column", fingerprint=i + 1000000, relation=f"t{i * 2}", column="b" if i % 50 == 0 else "a", usage="equal", position=1)
        for i in range(0, TABLES, 20):
            put("column_stat", database="shop", schema="public", relation=f"t{i}", column="a", type="bigint", distinct_values=-1)
            put("column_stat", database="shop", schema="public", relation=f"t{i}", column="b", type="bigint", distinct_values=-1)
            put("foreign_key", database="shop", schema="public", relation=f"t{i}", name=f"k{i}", columns='["b"]', ref_schema="public",
                ref_relation=f"t{(i + 1) % TABLES}", ref_columns='["id"]', on_delete="cascade", is_valid=1)
        db.commit()
        db.close()
        program = os.environ["DBPERF"]
        done = subprocess.run([program, "audit", "--no-store", "--format", "json", "--fail-on", "none", path], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"audit ended with {done.returncode}: {done.stderr}")
        document = json.loads(done.stdout)
        count = len(document["findings"])
        for extra in ([], ["--rule", "nothing-*"]):
            before = os.times()
            subprocess.run([program, "audit", "--no-store", "--fail-on", "none", *extra, path], capture_output=True)
            after = os.times()
            cpu = after.children_user - before.children_user + after.children_system - before.children_system
            print(f"{'with all rules' if not extra else 'without rules '}: {cpu:.2f} s of CPU")
        print(f"{count} findings; not checked: {len(document['not_checked'])}")


main()
