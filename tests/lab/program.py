"""Runs the dbperf that was built (environment DBPERF) the way a user would: a config and a store of its own."""
import json, os, subprocess

import lab


class Program:
    """A private home for dbperf: config, store, environment."""

    def __init__(self, config=""):
        self.folder = lab.folder("dbperf")
        self.config = os.path.join(self.folder, "dbperf.conf")
        self.store = os.path.join(self.folder, "store", "dbperf.db")
        self.configure(config)

    def configure(self, text):
        with open(self.config, "w") as file:
            file.write(text)
        os.chmod(self.config, 0o600)

    def run(self, *words, seconds=120, status=None, **env):
        """Runs a command; with `status` anything else is a failure. Returns the finished process (text)."""
        if not os.environ.get("DBPERF"):
            raise lab.Skip("DBPERF does not name the program to test")
        command = [os.environ["DBPERF"], words[0], "--config", self.config, *map(str, words[1:])]
        if words[0] in ("now", "audit", "collect", "findings", "label", "sql", "store") and "--no-store" not in words:
            command[4:4] = ["--store", self.store]
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "HOME": self.folder, "PGPASSFILE": "/nonexistent", **env}
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment, stdin=subprocess.DEVNULL)
        if status is not None and done.returncode not in (status if isinstance(status, tuple) else (status,)):
            raise lab.Failed(f"{' '.join(command)}\nended with {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
        return done

    def audit(self, *words, status=(0, 1), **env):
        """One audit as its JSON document."""
        done = self.run("audit", "--format", "json", *words, status=status, **env)
        return json.loads(done.stdout)


def severities(document, *wanted):
    """(severity, rule, object) of the open findings of these severities, worst first as they stand."""
    return [(f["severity"], f["rule"], f["object"]) for f in document["findings"] if f["severity"] in wanted]


class Checks:
    """TAP on standard output: one line a check, the reason behind one that fails."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, holds, what, why=""):
        self.count += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.count} - {what}", flush=True)
        if not holds:
            for line in str(why).splitlines()[:60]:
                print(f"# {line}", flush=True)

    def done(self):
        print(f"1..{self.count}")
        if self.failed:
            raise SystemExit(1)
