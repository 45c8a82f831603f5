"""The scenario of record: a shop on a real PostgreSQL that goes from 10M to 100M transactions a day with
everything wrong that PLANTED lists, a standby behind a slow line, and a monitor role to look at it with.

    with Scenario() as shop:        # about 20 s: builds the data, starts the primary and the standby
        shop.load(HIGH)             # transactions a second; replaces the load before; load(0) ends it
        shop.trouble()              # fills the connections and starts the blocking; shop.calm() ends both
        ... shop.url(), shop.standby.url(), shop.planted ...

healthy() is its opposite: a server with a decent configuration and nothing wrong, under plain pgbench.

By hand:  python3 tests/lab/scenario.py --serve [--healthy] [--seconds N]
"""
import argparse, os, select, sys, time
from contextlib import contextmanager
from typing import NamedTuple

import lab
from faults import Proxy

LOW, HIGH = 116, 1157  # transactions a second: 10 and 100 million a day
CLIENTS = 8            # of the load
LAG = 3.0              # seconds that the line to the standby takes
READERS = 4            # sessions that wait behind the migration
SPARE = 2              # ordinary connections left when all is full: the monitor needs one, the tests another


class Planted(NamedTuple):
    """One fault that an audit has to name."""
    kind: str        # what is wrong: the rule that names it
    object: str      # where: database.schema.name, or the name of what has no schema
    detail: str = ""
    needs: str = ""  # what the monitor must be granted beyond pg_monitor before it can see it
    when: str = ""   # "load" or "trouble": only there while that is on


PLANTED = [
    Planted("missing-index", "shop.public.orders", "customer_email", when="load"),
    Planted("foreign-key-without-index", "shop.public.order_items", "order_id"),
    Planted("pool-saturation", "max_connections", when="trouble"),
    Planted("blocking", "shop.public.stock", "billing idles in a transaction, ALTER TABLE waits, readers wait", when="trouble"),
    Planted("table-bloat", "shop.public.audit_log", "dead space about 90 %", needs="statistics"),
    Planted("index-bloat", "shop.public.audit_log_pkey", "leaf density about 10 %", needs="statistics"),
    Planted("replication-lag", "standby_1", f"about {LAG} s", when="load"),
    Planted("duplicate-index", "shop.public.orders_customer_idx_old", "same as orders_customer_id_idx"),
    Planted("unused-index", "shop.public.orders_coupon_idx"),
    Planted("invalid-index", "shop.public.customers_email_key"),
    Planted("replication-slot-inactive", "old_standby"),
    Planted("sequence-exhaustion", "shop.public.tickets_id_seq", "99.7 % of integer", needs="sequences"),
]

# What a fault of PLANTED drags along: naming it as well is right, and no false alarm.
ALSO = [
    Planted("missing-index", "shop.public.order_items", "order_id: the cascade of a deleted order reads it all", when="load"),
    Planted("idle-in-transaction", "billing", "the root of the blocking", when="trouble"),
    Planted("horizon-held", "migration", "it and the readers hold a snapshot while they wait", when="trouble"),
    Planted("duplicate-index", "shop.public.orders_customer_id_idx", "the other of the two"),
    Planted("unused-index", "shop.public.orders_customer_idx_old", "the planner takes its twin"),
]

DECENT = {"shared_buffers": "256MB", "max_wal_size": "2GB", "random_page_cost": "1.1", "effective_cache_size": "1GB",
          "work_mem": "8MB", "maintenance_work_mem": "128MB", "track_io_timing": "on", "max_connections": "60",
          "max_slot_wal_keep_size": "4GB"}
BUILD = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}

# The workload: name, (weight, script). One script is one transaction, so the rate is transactions a second.
WORKLOAD = {
    "product": (360, "\\set id random(1, 5000)\nselect title, price from products where id = :id;\n"),
    "bought": (100, "\\set id random(1, 5000)\nselect order_id, quantity from order_items where product_id = :id limit 10;\n"),
    "account": (150, "\\set id random(1, 99998)\nselect name, email, country from customers where id = :id;\n"),
    "history": (100, "\\set id random(1, 99998)\nselect id, status, total from orders where customer_id = :id;\n"),
    "checkout": (200, """\\set customer random(1, 99998)
\\set product random(1, 5000)
begin;
select email, now() as at from customers where id = :customer \\gset
insert into orders (customer_id, customer_email, status, total) values (:customer, :email, 'new', 42) returning id \\gset
insert into order_items (order_id, product_id, quantity, price) values (:id, :product, 1, 20), (:id, :product, 2, 11);
end;
"""),
    "ship": (70, "\\set id random(1, 400000)\nupdate orders set status = 'shipped' where id = :id;\n"),
    "newest": (10, "select id, total from orders order by created_at desc limit 20;\n"),
    "sign_in": (8, """\\set id random(1, 99998)
begin;
select email from customers where id = :id \\gset
select id, status, total from orders where customer_email = :email order by created_at desc limit 10;
end;
"""),
    "purge": (2, "\\set id random(1, 400000)\ndelete from orders where id = :id;\n"),
}


class Scenario:
    planted, also = PLANTED, ALSO

    def __init__(self, version=None, lag=LAG, settings=None):
        self.lag, self.waiting, self.idle = lag, [], []
        self.pgbench = self.line = self.standby = None
        self.primary = lab.Postgres(version, {**DECENT, **(settings or {}), **BUILD}, name="shop")

    def url(self, user="dbperf"):
        return self.primary.url(user, "shop")

    def sql(self, text, user="dbperf"):
        return self.primary.sql(text, "shop", user)

    def __enter__(self):
        try:
            self.build()
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.calm()
        self.load(0)
        if self.standby:
            self.standby.__exit__()
        if self.line:
            self.line.close()
        self.primary.__exit__()

    def build(self):
        """Makes the data fast and unsafe, then starts again with the configuration that is looked at."""
        primary = self.primary.start()
        primary.sql("create role shop login; create database shop owner shop")
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "shop.sql")) as file:
            primary.sql(file.read(), "shop")
        primary.configure(**dict.fromkeys(BUILD))
        primary.restart()
        lab.create_monitor(primary)
        lab.run([lab.tool("psql"), "-Xqc", "create unique index concurrently customers_email_key on customers (email)",
                 primary.url("shop", "shop")], check=False)  # fails, as it must: an e-mail address is there twice
        primary.sql("select pg_create_physical_replication_slot('old_standby', true)")
        self.line = Proxy(primary.port, delay=self.lag)
        self.standby = lab.Standby(primary, "standby_1", slot="standby_1", via=self.line.port).start()
        fresh_statistics(primary, "shop")

    def load(self, rate, clients=CLIENTS):
        """Runs the workload at so many transactions a second from now on."""
        if self.pgbench:
            self.pgbench.stop()
            self.pgbench = None
            self.wait_gone("application_name = 'checkout'")
        if rate:
            self.pgbench = lab.pgbench(self.primary, "shop", "shop", clients, rate, WORKLOAD, "checkout",
                                       options=("-M", "prepared"))

    def wait_gone(self, which):
        """Waits until the server has ended these sessions, so that their slots are free again."""
        if self.primary.answers():
            lab.wait_until(lambda: not self.primary.sql(f"select 1 from pg_stat_activity where {which}"), 20, f"gone: {which}")

    def lag_seconds(self):
        """The standby's replay lag as the monitor sees it, or None."""
        lag = self.sql("select extract(epoch from replay_lag) from pg_stat_replication where application_name = 'standby_1'")
        return float(lag) if lag else None

    def block(self, readers=READERS):
        """Writes block reads: billing holds a row, a migration waits for the table, readers wait behind it."""
        def session(app):
            self.waiting.append(self.primary.session("shop", "shop", app))
            return self.waiting[-1]

        billing = session("billing")
        billing.sql("begin")
        billing.sql("update stock set reserved = reserved + 1 where product_id = 7")
        self.wait_for("migration", session, "alter table stock add column if not exists shelf text")
        for _ in range(readers):
            self.wait_for("shelf", session, "select on_hand - reserved from stock where product_id = 7")

    def wait_for(self, app, session, text):
        waiter = session(app)
        waiter.send(text)
        waits = f"select 1 from pg_stat_activity where pid = {waiter.pid} and wait_event_type = 'Lock'"
        lab.wait_until(lambda: self.primary.sql(waits), 10, f"{app} waits for a lock")

    def saturate(self, spare=SPARE):
        """Fills the connection limit with idle sessions of web, all but spare ordinary slots. Places are
        kept for a load of CLIENTS and for block(), whether these are there already or come later."""
        limit = int(self.primary.sql("select current_setting('max_connections')::int"
                                     " - current_setting('superuser_reserved_connections')::int"))
        kept = CLIENTS + 2 + READERS + spare + len(self.idle)
        self.idle += lab.sleepers(self.primary, limit - kept, "shop", "shop", "web")

    def trouble(self):
        self.saturate()
        self.block()

    def calm(self):
        """Ends what saturate() and block() began."""
        sessions, self.waiting, self.idle = self.waiting + self.idle, [], []
        for session in sessions:
            session.close()
        if sessions:
            self.wait_gone(f"pid in ({', '.join(str(s.pid) for s in sessions)})")

    def grant_more(self, role="dbperf"):
        """Grants what PLANTED marks as needed, the broad way."""
        self.primary.sql(f"grant pg_read_all_data to {role}")


def fresh_statistics(server, db):
    """Forgets what the building did; the vacuum puts row counts and its own time back."""
    server.sql("select pg_stat_reset(), pg_stat_reset_shared('bgwriter')", db)
    server.sql("vacuum (analyze)", db)
    server.sql("select pg_stat_statements_reset()", db)


@contextmanager
def healthy(version=None, scale=20, clients=4, rate=None, settings=None):
    """A fresh server with a decent configuration and a monitor role, under plain pgbench on database bench."""
    with lab.Postgres(version, {**DECENT, **(settings or {}), **BUILD}, name="healthy") as server:
        server.sql("create database bench")
        server.sql("create extension pg_stat_statements", "bench")
        lab.run([lab.tool("pgbench"), "-i", "-q", "-s", str(scale), server.url("postgres", "bench")], seconds=300)
        server.configure(**dict.fromkeys(BUILD))
        server.restart()
        lab.create_monitor(server)
        fresh_statistics(server, "bench")
        with lab.pgbench(server, "bench", clients=clients, rate=rate):
            yield server


def serve():
    """Keeps one of the two alive until the time is over, Ctrl-C or the end of the input."""
    options = argparse.ArgumentParser(description=serve.__doc__)
    options.add_argument("--serve", action="store_true", required=True)
    options.add_argument("--healthy", action="store_true", help="the healthy server instead of the scenario")
    options.add_argument("--seconds", type=float, help="how long; without it until Ctrl-C or the end of the input")
    options.add_argument("--rate", type=int, default=HIGH, help="transactions a second at the end (scenario)")
    chosen = options.parse_args()
    deadline = time.monotonic() + (chosen.seconds or 1e9)

    def hold(seconds):
        left = max(0, min(seconds, deadline - time.monotonic()))
        return bool(select.select([] if chosen.seconds else [sys.stdin], [], [], left)[0]) or time.monotonic() >= deadline

    if chosen.healthy:
        with healthy() as server:
            print("healthy", server.url(db="bench"), flush=True)
            hold(1e6)
        return
    with Scenario() as shop:
        print(f"primary  {shop.url()}\nstandby  {shop.standby.url(db='shop')}", flush=True)
        shop.trouble()
        for rate in (LOW, (LOW + HIGH) // 2, chosen.rate):
            shop.load(rate)
            print(f"load     {rate} transactions/s", flush=True)
            if hold(1e6 if rate == chosen.rate else 15):
                return


if __name__ == "__main__":
    lab.main(serve)
