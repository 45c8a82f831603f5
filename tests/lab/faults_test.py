"""Servers that misbehave: one clear message each, other targets unaffected, nothing stored lost."""
import glob, os, signal, subprocess, time

import faults, lab
from program import Checks, Program


def workers_of(store):
    """Processes whose command line names that store."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                found += [path] if store.encode() in file.read() else []
        except OSError:
            pass  # it ended in between
    return found


def main():
    t = Checks()
    with lab.Postgres(name="faults") as server:
        server.sql("create database shop")
        password = lab.create_monitor(server, "s3cr3t-canary", role="locked")
        lab.create_monitor(server)
        good = server.url(db="shop")
        dbperf = Program()

        def says(what, url, *words, seconds=30, status=3, **env):
            """Audits the bad target beside the good one: one message that names the bad one, the good one judged."""
            begin = time.monotonic()
            done = dbperf.run("audit", "--interval", "0", good, url, seconds=seconds, **env)
            text = done.stderr
            lines = [line for line in text.splitlines() if line.startswith("dbperf:")]
            t.check(done.returncode == status and len(lines) == 1 and all(word in text for word in words),
                    f"{what}: one message that says so", f"{done.returncode}\n{text}")
            t.check("PostgreSQL" in done.stdout or "postgresql" in done.stdout, f"{what}: the other target is judged", done.stdout)
            t.check("canary" not in text + done.stdout, f"{what}: no secret", text)
            return time.monotonic() - begin

        with faults.Refuser() as bad:
            says("refusing", bad.url(), "127.0.0.1")
        with faults.Silent() as bad:
            took = says("silent", bad.url(), "127.0.0.1")
            t.check(took < 12, "silent: ended by the deadline", took)
        with faults.Drip() as bad:
            says("slow", bad.url(), "127.0.0.1")
        with faults.Http() as bad:
            says("another protocol", bad.url(), "127.0.0.1")
        with faults.Reset() as bad:
            says("resetting", bad.url(), "127.0.0.1")
        says("no such database", server.url(db="nowhere"), "nowhere")
        says("unknown host", "postgresql://dbperf@no-such-host.invalid/shop", "no-such-host.invalid")
        passfile = os.path.join(dbperf.folder, "pgpass")
        with open(passfile, "w") as file:
            file.write("*:*:*:*:wrong-canary\n")
        os.chmod(passfile, 0o600)
        says("wrong password", server.url("locked", "shop"), "password", PGPASSFILE=passfile)
        with faults.Echo() as bad:
            says("saying the password back", bad.url(), "nobody calls me ***", PGPASSFILE=passfile)
            says("saying PGPASSWORD back", bad.url(), "nobody calls me ***", PGPASSWORD="other-canary")
        done = dbperf.run("audit", "--interval", "0", server.url("locked", "shop"), status=(0, 1), PGPASSFILE=password)
        t.check("PostgreSQL" in done.stdout, "right password from .pgpass", done.stderr)

        # A lock on a table that probes read: the look goes on, and says what it could not see.
        server.sql("create table held (id int primary key); insert into held select generate_series(1, 100000)", "shop")
        holder = server.session("shop", "postgres", "holder")
        holder.sql("begin")
        holder.sql("lock table held in access exclusive mode")
        begin = time.monotonic()
        document = dbperf.audit(good, "--interval", "0")
        t.check(time.monotonic() - begin < 15 and document["targets"], "a locked table does not hold us up", document)
        holder.close()

        faults.hostile_names(server, "shop")
        document = dbperf.audit(good, "--interval", "0")
        text = dbperf.run("audit", "--interval", "0", good, status=(0, 1)).stdout
        t.check(all(ord(c) >= 32 or c == "\n" for c in text), "hostile names are shown escaped", repr(text))

        # A server that lies: whatever it says is looked at or refused, and shown as text only.
        for seed, share in enumerate((0.01, 0.1, 0.5)):
            with faults.Liar(server.port, share, seed) as bad:
                done = dbperf.run("audit", "--interval", "1s", bad.url(db="shop"), "--format", ("text", "csv", "json")[seed])
                t.check(done.returncode in (0, 1, 3) and "worker ended" not in done.stderr, f"lies in {share:.0%} of all values", done.stderr)
                t.check(all(ord(c) >= 32 or c in "\n\t" for c in done.stdout.replace("\r\n", "\n")), "and they are shown escaped", repr(done.stdout))

        # A server that dies in the middle of a look: said, and what was stored stays.
        dbperf.audit(good, "--interval", "0")
        with faults.Proxy(server.port, stall=30000) as line:
            done = dbperf.run("audit", "--interval", "0", line.url() if hasattr(line, "url") else
                              f"postgresql://dbperf@127.0.0.1:{line.port}/shop", seconds=90)
            t.check(done.returncode in (0, 1, 3), "a line that stalls ends by a deadline", done.stderr)
        program = subprocess.Popen([os.environ["DBPERF"], "audit", "--store", dbperf.store, "--config", dbperf.config, good, "--interval", "8s"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lab.wait_until(lambda: server.sql("select 1 from pg_stat_activity where application_name = 'dbperf'"), 10, "dbperf is connected")
        server.kill9()
        out, err = program.communicate(timeout=60)
        t.check(program.returncode in (0, 1, 3), "a server that dies mid-look", f"{program.returncode} {err}")
        server.start()
        check = dbperf.run("store", "check")
        t.check(check.returncode == 0, "the store is whole", check.stdout + check.stderr)

        # kill -9 of dbperf at many moments: the store stays usable.
        for ms in range(0, 1500, 150):
            program = subprocess.Popen([os.environ["DBPERF"], "audit", "--store", dbperf.store, "--config", dbperf.config, good, "--interval", "0"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                program.wait(ms / 1000)
            except subprocess.TimeoutExpired:
                program.send_signal(signal.SIGKILL)
                program.wait()
        check = dbperf.run("store", "check")
        t.check(check.returncode == 0, "the store survives kill -9", check.stdout + check.stderr)
        lab.wait_until(lambda: not workers_of(dbperf.store), 10, "the workers to end")
        t.check(not workers_of(dbperf.store), "no worker outlives it", workers_of(dbperf.store))

        recording = os.path.join(os.path.dirname(__file__), "../../drivers/template/test/small.recording")
        done = dbperf.run("now", f"template://{os.path.abspath(recording)}?fault=memory", "--interval", "0")
        t.check(done.returncode == 3 and "ran out of memory" in done.stderr, "a driver without end ends at its memory limit", done.stderr)

        dbperf.configure("[target shop]\nurl = " + good + "\nretencion = 3d\n")
        done = dbperf.run("audit")
        t.check(done.returncode == 2 and "retencion" in done.stderr and "dbperf.conf:3" in done.stderr, "an unknown key names file and line", done.stderr)
    t.done()


lab.main(main)
