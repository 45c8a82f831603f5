"""A server that takes no more clients is a finding: told once, remembered, and over when it lets us in again. That the role's
or the database's own limit is reached is none."""
import json

import lab
from program import Checks, Program, severities

SETTINGS = {"max_connections": "14", "superuser_reserved_connections": "3", "max_wal_senders": "0", "wal_level": "minimal"}
REFUSED = ("critical", "connections-refused", "connections")


def main():
    t = Checks()
    with lab.Postgres(name="full", settings=SETTINGS) as server:
        server.sql("create role app login; create database shop; create database narrow connection limit 0")
        lab.create_monitor(server)
        url = server.url(db="shop")
        dbperf = Program(f"[target shop]\nurl = {url}\n")
        looked = dbperf.audit("shop", "--interval", "0")
        t.check(not severities(looked, "critical"), "a server with room", severities(looked, "critical"))

        mine = lab.sleepers(server, 3, "shop", "dbperf")
        limited = dbperf.run("audit", "shop", "--interval", "0", "--format", "json", status=3)
        t.check(not json.loads(limited.stdout)["findings"] and "the role's own limit" in limited.stderr, "the role's own limit is no finding", limited.stderr)
        for session in mine:
            session.close()
        lab.wait_until(lambda: server.sql("select count(*) from pg_stat_activity where usename = 'dbperf'") == "0", 10, "they are gone")
        narrow = Program().run("audit", server.url(db="narrow"), "--interval", "0", "--format", "json", status=3)
        t.check(not json.loads(narrow.stdout)["findings"] and "the database's own limit" in narrow.stderr, "nor is the database's", narrow.stderr)

        taken = []
        while True:
            try:
                taken.append(server.session("shop", "app"))
            except lab.Failed:
                break
        full = dbperf.run("audit", "shop", "--interval", "0", "--format", "json", "--notify", "mail", status=3)
        found = json.loads(full.stdout)
        t.check(severities(found, "critical") == [REFUSED] and "11 connections" in found["findings"][0]["summary"], "a full server is a finding", found)
        again = dbperf.run("audit", "shop", "--interval", "0", "--notify", "mail", status=3)
        t.check(not again.stdout, "and is told once", again.stdout)
        now = dbperf.run("now", "shop", "--format", "json", status=3)
        t.check(REFUSED in severities(json.loads(now.stdout), "critical"), "now shows it above the stored look", now.stdout)
        bare = dbperf.run("now", "shop", "--no-store", status=3)
        t.check("CRITICAL  connections-refused" in bare.stdout, "and without a store", bare.stdout)
        for session in taken:
            session.close()
        lab.wait_until(lambda: server.answers(user="dbperf"), 10, "there is room again")
        states = [[r["object"] for r in dbperf.audit("shop", "--interval", "0")["resolved"]] for _ in range(3)]
        t.check(states[-1] == ["connections"] and not states[0], "it resolves after three looks", states)
        shown = dbperf.run("now", "shop", "--interval", "1s", status=0).stdout
        t.check("refused" not in shown and "primary" in shown, "nothing is left of it", shown)
    t.done()


lab.main(main)
