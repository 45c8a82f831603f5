"""No false alarm: a fresh server with a decent configuration under plain pgbench gives no warning, direct and pooled;
through PgBouncer every setting of the server connection is afterwards what it was."""
import lab
from program import Checks, Program, severities
from scenario import healthy

SETTINGS = "select name, setting from pg_settings where name not in ('application_name', 'client_encoding') order by name"


def main():
    t = Checks()
    with healthy() as server:
        server.sql("grant pg_read_all_data to dbperf")
        dbperf = Program(f"[target bench]\nurl = {server.url(db='bench')}\n")
        for turn in ("first", "second", "third"):
            document = dbperf.audit("bench", "--interval", "5s", status=0)
            bad = severities(document, "critical", "warning")
            t.check(not bad, f"the {turn} audit warns of nothing", "\n".join(str(f) for f in document["findings"]))
            young = [n for n in document["not_checked"] if not n["why"].startswith(("history covers", "there is no history"))]
            t.check(not young, f"the {turn} audit checks everything that needs no history", young)
        with lab.PgBouncer(server, pool_size=1, max_client_conn=20) as pool:
            before = pool.rows(SETTINGS, db="bench", user="dbperf")
            document = Program().audit(pool.url(db="bench"), "--interval", "2s", status=0)
            after = pool.rows(SETTINGS, db="bench", user="dbperf")
            t.check(len(document["targets"]) == 1 and not severities(document, "critical", "warning"), "a full audit through the pooler", document)
            t.check(before == after and len(before) > 300, "every setting of the server connection is what it was",
                    [pair for pair in zip(before, after) if pair[0] != pair[1]][:10])
        log = server.log()
        mine = [line for line in log.splitlines() if "dbperf" in line and ("ERROR" in line or "FATAL" in line)]
        t.check(not mine, "the server's log has no error of ours", "\n".join(mine))
    t.done()


lab.main(main)
