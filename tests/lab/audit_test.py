"""The scenario of record on a real server: an audit names each planted fault by object and warns of nothing else; the
next audit says what is new; the standby and the pooler are looked at too.

    DBPERF=build/src/dbperf python3 tests/lab/audit_test.py [--capture FILE]     FILE: keep what the audit saw
"""
import json
import sys

import lab
from program import Checks, Program, severities
from scenario import HIGH, LOW, Scenario

CONFIG = """[target shop]
url = {primary}
objective = replication-lag < 500ms
group = shop
cpus = 2

[target standby]
url = {standby}
group = shop

# The scenario is minutes old: what takes weeks elsewhere has to be judged at once here.
[rule unused-index]
min_age = 0
min_size = 0
"""


def names(finding, planted):
    return finding["rule"] == planted.kind and planted.object in (finding["object"], finding["object"].split(".")[-1])


def main():
    t = Checks()
    keep = sys.argv[sys.argv.index("--capture") + 1] if "--capture" in sys.argv else None
    with Scenario() as shop:
        dbperf = Program(CONFIG.format(primary=shop.url(), standby=shop.standby.url(db="shop")))
        shop.load(LOW)
        first = dbperf.audit("shop", "--interval", "3s")
        hidden = {n["what"] for n in first["not_checked"]}
        t.check(any("column" in what or "stat" in what for what in hidden), "what pg_monitor may not see is said", first["not_checked"])
        doctor = dbperf.run("doctor", "shop", status=0).stdout
        t.check("pg_monitor" in doctor or "GRANT" in doctor, "doctor prints what to grant", doctor)

        shop.grant_more()
        shop.load(HIGH)
        shop.trouble()
        lab.wait_until(lambda: (shop.lag_seconds() or 0) > 2, 30, "the standby lags")
        started = shop.sql("select now()")
        # The blocking has to be old enough to matter.
        lab.wait_until(lambda: shop.sql(f"select now() - '{started}'::timestamptz > interval '12 s'") == "t", 30, "twelve seconds")
        words = ["shop", "--interval", "10s"] + (["--capture", keep] if keep else [])
        document = dbperf.audit(*words, status=(0, 1))
        for planted in shop.planted:
            found = [f for f in document["findings"] if names(f, planted)]
            t.check(bool(found), f"{planted.kind} names {planted.object}", "\n".join(map(str, severities(document, "critical", "warning", "info"))))
            for finding in found:
                t.check(finding["evidence"] and finding["fix"], f"{planted.kind} has evidence and a fix", finding)
        allowed = shop.planted + shop.also
        others = [f for f in document["findings"] if f["severity"] != "info" and not any(names(f, p) for p in allowed)]
        t.check(not others, "nothing else is a warning", "\n".join(f"{f['severity']} {f['rule']} {f['object']}: {f['summary']}" for f in others))
        young = [n for n in document["not_checked"] if not n["why"].startswith("history covers")]
        t.check(not young, "everything that needs no history could be checked", young)
        hot = [f for f in document["findings"] if f["rule"] == "missing-index" and f["object"] == "shop.public.orders"]
        t.check(hot and "customer_email" in hot[0]["fix"], "the missing index names its column", hot)

        again = dbperf.audit("shop", "--interval", "3s")
        ongoing = {f["rule"]: f["state"] for f in again["findings"]}
        t.check(ongoing.get("invalid-index") == "ongoing", "the next audit knows what it told before", ongoing)

        now = dbperf.run("now", shop.url(), status=(0, 1), seconds=15).stdout
        t.check("stock" in now and "billing" in now, "now shows who holds up whom", now)
        print("".join(f"# {line}\n" for line in now.splitlines()), end="")

        blocked = [f["id"] for f in again["findings"] if f["rule"] == "blocking"]
        told = dbperf.run("findings", "mute", blocked[0], "--reason", "ticket 412", status=0).stdout
        t.check("blocking" in told and "muted" in told, "a mute says what it muted", told)
        muted = json.loads(dbperf.run("now", "shop", "--format", "json", status=(0, 1), seconds=15).stdout)
        t.check("blocking" not in {f["rule"] for f in muted["findings"]}, "now keeps quiet about what is muted", severities(muted, "critical"))
        dbperf.run("findings", "unmute", blocked[0], status=0)

        shop.saturate(spare=0)
        full = dbperf.run("now", "shop", seconds=15)
        t.check("connection slots" in full.stderr and " old: " in full.stdout,
                "a full server: the refusal and the last stored look", full.stdout + full.stderr)
        shop.calm()
        shop.load(0)
        calm = dbperf.audit("shop", "--interval", "1s")
        t.check("blocking" in {f["rule"] for f in calm["resolved"]} or "blocking" not in {f["rule"] for f in calm["findings"]
                if f["state"] != "unseen"}, "the blocking is over", calm["resolved"])
        t.check(not [f for f in calm["resolved"] if f["rule"] == "missing-index"], "an index is still missing when the load has gone", calm["resolved"])
        other = dbperf.audit("standby", "--interval", "1s")
        t.check(other["targets"] and not severities(other, "critical"), "the standby can be audited", severities(other, "critical", "warning"))
    t.done()


lab.main(main)
