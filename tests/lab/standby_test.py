"""A standby's own view of its lag on a real pair: caught up, paused, cut off, and fed from an archive only."""
import json
import os
import time

import lab
from program import Checks, Program

ROLE = "create role dbperf login; grant pg_monitor to dbperf"


def link(dbperf):
    """The standby's link to what feeds it, and its findings of the rule replication-lag, as one look tells them."""
    now = json.loads(dbperf.run("now", "standby", "--format", "json", "--interval", "1s", status=(0, 1)).stdout)
    links = [r for r in now["replicas"] if r["direction"] == "receives"]
    return links[0], [f for f in now["findings"] if f["rule"] == "replication-lag"]


def write_for(primary, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        primary.sql("insert into t select generate_series(1, 1000)")
        time.sleep(0.2)


def main():
    t = Checks()
    archive = lab.folder("archive")
    settings = {"archive_mode": "on", "archive_command": f"cp %p {archive}/%f"}
    with lab.Postgres(settings=settings, name="primary") as primary:
        primary.sql(ROLE)
        primary.sql("create table t (a int)")
        with lab.Standby(primary) as standby:
            dbperf = Program(f"[target standby]\nurl = {standby.url()}\n[rule replication-lag]\nwarn = 2s\n")
            write_for(primary, 1)
            lab.wait_until(lambda: standby.sql("select count(*) from t") == primary.sql("select count(*) from t"), 30, "the standby")
            lab.wait_until(lambda: (link(dbperf)[0]["lag_ms"] or 0) == 0, 30, "the standby's lag")
            time.sleep(3)
            caught_up, found = link(dbperf)
            t.check(caught_up["lag_ms"] == 0 and caught_up["state"] == "streaming" and not found, "an idle primary makes nobody late", (caught_up, found))

            standby.sql("select pg_wal_replay_pause()")
            write_for(primary, 4)
            paused, found = link(dbperf)
            t.check(paused["lag_ms"] > 2000 and paused["behind"] > 0, "a paused standby is behind", paused)
            t.check("paused" in paused["state"], "and says that it is paused", paused)
            t.check(found and "paused" in found[0]["summary"], "the finding says so too", found)
            standby.sql("select pg_wal_replay_resume()")

            primary.stop()
            lab.wait_until(lambda: standby.sql("select count(*) from pg_stat_wal_receiver") == "0", 30, "the receiver to end")
            down, found = link(dbperf)
            t.check(down["state"] == "down" and down["peer"] == "primary", "a standby without its primary", down)
            t.check(found and "not connected" in found[0]["summary"], "is a finding", found)
            primary.start()

            standby.configure(primary_conninfo="", primary_slot_name="", restore_command=f"cp {archive}/%f %p")
            standby.stop()
            lab.Postgres.start(standby)  # it streams from nobody
            shipped, found = link(dbperf)
            t.check(shipped["state"] == "archive" and shipped["lag_ms"] is None and not found, "log shipping is no broken link", (shipped, found))
    t.done()


lab.main(main)
