"""The log of a real PgBouncer: logins, sessions, refusals and failed logins are counted as they were made, and a server that is
gone is told apart from a client that may not in.
"""
import json, os, subprocess

import lab


def digest(path):
    """{class: count} of the log's events."""
    run = subprocess.run([os.environ["DBPERF"], "digest", "--format", "json", "--strict", path], capture_output=True, text=True)
    if run.returncode:
        raise lab.Failed(f"digest ends with {run.returncode}: {run.stderr}")
    said = json.loads(run.stdout)
    if said["logs"][0]["engine"] != "pgbouncer":
        raise lab.Failed(f"taken for a log of {said['logs'][0]['engine']}")
    counts = {}
    for event in said["log_events"]:
        counts[event["class"]] = counts.get(event["class"], 0) + event["count"]
    return counts


def tries(pooler, **where):
    """Whether a client gets in."""
    return subprocess.run([lab.tool("psql"), "-X", "-At", "-c", "select 1", pooler.url(**where)], capture_output=True,
                          env=lab.environment(PGCONNECT_TIMEOUT="5")).returncode == 0


def main():
    settings = {"stats_period": 1, "log_connections": 1, "query_wait_timeout": 2, "server_login_retry": 1}
    with lab.Postgres() as server, lab.PgBouncer(server, max_client_conn=3, settings=settings) as pooler:
        before = digest(pooler.folder + "/log")
        good = sum(tries(pooler, user="postgres") for _ in range(5))
        wrong = sum(not tries(pooler, user="nobody") for _ in range(4))
        held = [pooler.session() for _ in range(3)]
        full = sum(not tries(pooler, user="postgres") for _ in range(2))
        for session in held:
            session.close()
        if (good, wrong, full) != (5, 4, 2):
            raise lab.Failed(f"{good} clients came in, {wrong} and {full} were refused")
        lab.wait_until(lambda: digest(pooler.folder + "/log").get("stats", 0) > before.get("stats", 0), 10, "statistics are logged")
        server.stop()
        tries(pooler, user="postgres")
        after = digest(pooler.folder + "/log")
    more = {name: after[name] - before.get(name, 0) for name in after}
    if more.get("pool_full") != full or more.get("login_failed") != wrong or more.get("connection", 0) < good + len(held):
        raise lab.Failed(f"{full} refused, {wrong} failed, {good} + {len(held)} came in, but: {more}")
    if more.get("session", 0) < good + len(held) + full or not more.get("server_login_failed"):
        raise lab.Failed(f"sessions that ended, or the server that was gone, are missing: {more}")
    print(f"as it happened: {more}")


if __name__ == "__main__":
    lab.main(main)
