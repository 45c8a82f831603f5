"""Who blocks whom, on a real server: a row lock with one waiter names its table, a waiter behind two stands once, and a
prepared transaction is told by its name, with the command that ends it."""
import json

import lab
from program import Checks, Program

SETTINGS = {"max_prepared_transactions": "2"}


def main():
    t = Checks()
    with lab.Postgres(name="locks", settings=SETTINGS) as server:
        server.sql("create database shop")
        server.sql("create extension pg_stat_statements; create table account (id int primary key, n int); create table till (id int primary key, n int);"
                   "insert into account select g, 0 from generate_series(1, 10) g; insert into till select g, 0 from generate_series(1, 10) g", "shop")
        lab.create_monitor(server)
        server.sql("begin; update till set n = 1 where id = 5; prepare transaction 'it''s till-7'", "shop")
        holder, *waiters = [server.session("shop", app=name) for name in ("holder", "first", "second", "third")]
        holder.sql("begin")
        holder.sql("update account set n = 1 where id = 7")
        behind = server.session("shop", app="behind")
        behind.send("update till set n = 2 where id = 5")
        waiters[0].send("update account set n = 2 where id = 7")
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        lab.wait_until(lambda: server.sql(f"{waiting} and clock_timestamp() - query_start > interval '3.1 s'") == "2", 10, "two wait for long")
        dbperf = Program()
        url = server.url(db="shop")
        alone = dbperf.run("now", url, "--no-store", "--interval", "1s", "--format", "json")
        look = read(alone)
        found = {f["object"]: f for f in look["findings"] if f["rule"] == "blocking"}
        t.check(set(found) == {"shop.public.account", "shop.public.till"}, "both tables are named, with one waiter each", sorted(found))
        fix = found.get("shop.public.till", {}).get("fix") or ""
        t.check("ROLLBACK PREPARED 'it''s till-7';" in fix, "the prepared transaction is told by its name", fix)

        for number, waiter in enumerate(waiters[1:], 3):
            waiter.send("update account set n = 3 where id = 7")
            lab.wait_until(lambda n=number: server.sql(waiting) == str(n), 10, "one more waits")
        tree = read(dbperf.run("now", url, "--no-store", "--interval", "1s", "--format", "json"))["blocking_tree"]
        chain = [(row["depth"], row["application"]) for row in tree if row["application"] in ("holder", "first", "second", "third")]
        t.check(chain == [(0, "holder"), (1, "first"), (2, "second"), (3, "third")], "the queue stands as it is, each waiter once", chain)

        server.sql("\n".join(line for line in fix.splitlines() if not line.startswith("--")), "shop")
        holder.sql("rollback")
        for session in (behind, *waiters):
            session.result()
        after = read(dbperf.run("now", url, "--no-store", "--interval", "1s", "--format", "json"))
        t.check(not after["findings"] and not after["blocking_tree"], "nobody waits any more", after["findings"])
        for session in (holder, behind, *waiters):
            session.close()
    t.done()


def read(done):
    return json.loads(done.stdout)


lab.main(main)
