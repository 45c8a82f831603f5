"""Shows that the lab builds what it says: each server, each bad server, and every planted fault, read by
SQL as the monitor role wherever that role can see it. Ends with no process and no folder left over."""
import os, socket, time

import faults, lab, scenario

began = time.monotonic()


def ok(what, holds=True):
    if not holds:
        raise lab.Failed(what)
    print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)


def fails(what, error, function):
    try:
        function()
    except error:
        return ok(what)
    raise lab.Failed(f"no error: {what}")


def servers():
    with lab.Postgres() as pg:
        lab.create_monitor(pg)
        ok("the monitor has pg_monitor and 3 connections", pg.sql(
            "select rolconnlimit, rolsuper, pg_has_role('pg_monitor', 'member') from pg_roles where rolname = current_user",
            user="dbperf") == "3|f|t")
        idle = lab.sleepers(pg, 3, user="dbperf")
        fails("a fourth is refused", lab.Failed, lambda: pg.session(user="dbperf"))
        for session in idle:
            session.close()
        passfile = lab.create_monitor(pg, "s3cret", role="careful")
        ok(".pgpass lets the other monitor in", pg.sql("select 1", user="careful", PGPASSFILE=passfile) == "1")
        fails("a wrong password does not", lab.Failed, lambda: pg.sql("select 1", user="careful", PGPASSWORD="wrong"))
        pg.sql("create table kept as select 1 as x")
        pg.kill9()
        ok("a killed server is gone", not pg.answers())
        ok("and comes back with its data", pg.start().sql("select x from kept") == "1")
        with lab.PgBouncer(pg, pool_size=1) as pooler:
            ok("the monitor reads PgBouncer's console", pooler.rows("show pools", db="pgbouncer", user="dbperf"))
            one, two = (pooler.session(user="dbperf") for _ in "12")
            ok("two clients share a server connection", one.sql("select pg_backend_pid()") == two.sql("select pg_backend_pid()"))
            one.close(), two.close()
        with lab.Standby(pg, apply_delay="2s") as standby:
            ok("a standby is one", standby.sql("select pg_is_in_recovery()") == "t")
        bad_servers(pg)
    fails("what is not installed is skipped", lab.Skip, lambda: lab.Postgres(99))


def bad_servers(pg):
    def connect(port, text=None, seconds=0.5):
        where = type("", (), {"port": port})
        with lab.Session(where, seconds=seconds) as session:
            return text and session.sql(text, seconds)

    for kind, error in ((faults.Silent, socket.timeout), (faults.Drip, socket.timeout), (faults.Http, lab.Failed),
                        (faults.Reset, (lab.Failed, ConnectionError)), (faults.Refuser, ConnectionRefusedError),
                        (faults.Blackhole, socket.timeout)):
        with kind() as bad:
            fails(f"{kind.__name__} answers no client", error, lambda: connect(bad.port))
    text = "select repeat('x', 100000)"
    with faults.Proxy(pg.port) as proxy:
        ok("the proxy passes all", len(connect(proxy.port, text)[0][0]) == 100000)
        proxy.cut = 5000
        fails("or cuts", (lab.Failed, ConnectionError), lambda: connect(proxy.port, text))
        proxy.cut, proxy.stall = None, 5000
        fails("or stalls", socket.timeout, lambda: connect(proxy.port, text))
        for what, slow, delay, least in (("or is slow", 100000, 0, 0.8), ("or is late", None, 0.2, 0.4)):
            proxy.stall, proxy.slow, proxy.delay, start = None, slow, delay, time.monotonic()
            connect(proxy.port, text, seconds=10)
            ok(what, time.monotonic() - start >= least)
    faults.hostile_names(pg)
    names = pg.sql("select count(*) from pg_sequences where last_value is null")
    ok(f"{names} hostile names exist", int(names) == len(faults.HOSTILE))


def planted():
    with scenario.Scenario() as shop:
        ok("the scenario is built")
        for rate in (scenario.LOW, scenario.HIGH):
            shop.load(rate)
            ok(f"the load is {rate}/s: {throughput(shop, rate):.0f} measured")
        shop.trouble()
        lab.wait_until(lambda: (shop.lag_seconds() or 0) > 2, 15, "the standby lags")
        lags = [shop.lag_seconds() for _ in range(50)]
        ok(f"replay_lag stays from {min(lags):.2f} to {max(lags):.2f} s", 2 < min(lags) and max(lags) < 5)
        free = shop.sql("""select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                           - count(*) from pg_stat_activity where backend_type = 'client backend'""")
        ok(f"{free} ordinary connection slots are free beside the monitor's", 0 <= int(free) <= scenario.SPARE)
        pids = {s.pid for s in shop.waiting[1:]}
        waits = shop.sql("select pid from pg_stat_activity where wait_event_type = 'Lock' and pg_blocking_pids(pid) <> '{}'")
        ok(f"{len(pids)} sessions wait for locks", pids <= {int(p) for p in waits.split()})
        roots = shop.sql(f"select state from pg_stat_activity where pid = any(pg_blocking_pids({shop.waiting[1].pid}))")
        ok("behind one that is idle in a transaction", roots == "idle in transaction")
        expect(shop, "read whole by the load", "select relname from pg_stat_user_tables where seq_scan > 3 and seq_tup_read > 1e6",
               {"orders", "order_items"})
        top = shop.sql("select query from pg_stat_statements order by total_exec_time desc limit 1")
        ok("most time goes to the search by e-mail address", "customer_email = $1" in top)
        expect(shop, "foreign keys without index", """
            select conrelid::regclass from pg_constraint c where contype = 'f' and not exists (select 1 from pg_index i
            where i.indrelid = c.conrelid and (i.indkey::int2[])[0:cardinality(conkey) - 1] @> conkey)""", {"order_items"})
        expect(shop, "indexes that are the same", """
            select i.indexrelid::regclass from pg_index i join pg_index o using (indrelid, indkey, indclass)
            where i.indexrelid <> o.indexrelid and i.indrelid > 16383""", {"orders_customer_id_idx", "orders_customer_idx_old"})
        expect(shop, "indexes not used", """select indexrelname from pg_stat_user_indexes join pg_index using (indexrelid)
            where idx_scan = 0 and not indisunique""", {"orders_coupon_idx", "orders_customer_idx_old"})
        expect(shop, "invalid indexes", "select indexrelid::regclass from pg_index where not indisvalid", {"customers_email_key"})
        expect(shop, "inactive slots", "select slot_name from pg_replication_slots where not active", {"old_standby"})
        dead = shop.sql("select dead_tuple_percent + free_percent from pgstattuple('audit_log')", "postgres")
        ok(f"audit_log is {dead} % empty", float(dead) > 70)
        density = shop.sql("select avg_leaf_density from pgstatindex('audit_log_pkey')", "postgres")
        ok(f"audit_log_pkey is {density} % full", float(density) < 20)
        last = "select last_value > 0.99 * max_value from pg_sequences where sequencename = 'tickets_id_seq'"
        widths = "select count(*) from pg_stats where schemaname = 'public'"
        ok("pg_monitor alone sees no sequence and no width", shop.sql(last) == "" and shop.sql(widths) == "0")
        shop.grant_more()
        ok("granted more, it sees them, and one near its end", shop.sql(last) == "t" and shop.sql(widths) != "0")
        for again in (shop.calm, shop.trouble, shop.calm):
            again()
        ok("the trouble ends, comes and ends again; the load went on all the time", shop.pgbench.running())


def expect(shop, what, query, wanted):
    lab.wait_until(lambda: set(shop.sql(query).split()) == wanted, 30, f"{what} are {wanted}")
    ok(f"{what}: {', '.join(sorted(wanted))}")


def throughput(shop, rate):
    """Transactions a second from the server's own counter, over some five seconds of load."""
    def commits():
        return int(shop.sql("select xact_commit from pg_stat_database where datname = 'shop'"))

    first = commits()
    lab.wait_until(lambda: commits() > first + rate, 30, "the load has begun")
    first, start = commits(), time.monotonic()
    lab.wait_until(lambda: commits() > first + 5 * rate, 60, "the load goes on", every=0.5)
    measured = (commits() - first) / (time.monotonic() - start)
    ok(f"within a quarter of {rate}/s", 0.75 * rate < measured < 1.3 * rate)
    return measured


def healthy():
    with scenario.healthy(rate=300) as server:
        ok("the healthy server is under pgbench", server.answers(db="bench", user="dbperf"))
        commits = "select xact_commit > 500 from pg_stat_database where datname = 'bench'"
        lab.wait_until(lambda: server.sql(commits, user="dbperf") == "t", 30, "pgbench commits")
        ok("nobody waits for long, no slot, no invalid index", server.sql("""
            select (select count(*) from pg_stat_activity where wait_event_type = 'Lock' and state_change < now() - interval '1 s')
            + (select count(*) from pg_replication_slots) + (select count(*) from pg_index where not indisvalid)
            """, db="bench", user="dbperf") == "0")


def selftest():
    for part in (servers, planted, healthy):
        part()
    path = lab.root()
    lab.cleanup()
    ok("no process and no folder is left", not lab.processes_in(path) and (lab.KEEP or not os.path.exists(path)))


if __name__ == "__main__":
    lab.main(selftest)
