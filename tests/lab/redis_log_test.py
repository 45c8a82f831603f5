"""Slow logs and MONITOR of a real Redis: calls and times by command are the server's own (INFO commandstats), in every form that the
client prints; and no value of the workload is in what dbperf says.
"""
import collections, json, os, re, shutil, subprocess

import lab

SECRET = "canary"
WORKLOAD = (
    [f"set user:{i}:profile {SECRET}{i}" for i in range(300)]
    + [f"get user:{i}:profile" for i in range(200)]
    + [f"hset cart:{i} item {SECRET} count {i}" for i in range(100)]
    + [f'mset note:{i} "{SECRET} \\"x\\"\\n" note:{i + 1} b' for i in range(50)]
    + [f"zadd board {i} {SECRET}{i}" for i in range(50)]
    + ["del user:1:profile user:2:profile", 'eval "return redis.call(\'get\', KEYS[1])" 1 user:5:profile', "keys user:*",
       "lrange nothing 0 -1", "config get maxmemory", f'set "key with {SECRET}@example.com" 1'])
OURS = {"slowlog", "info", "config", "hello", "monitor", "ping", "command"}


class Redis:
    def __init__(self):
        self.program, self.client = shutil.which("redis-server"), shutil.which("redis-cli")
        if not self.program or not self.client:
            raise lab.Skip("redis-server is not installed")
        self.folder, self.port = lab.folder("redis"), lab.free_port()

    def __enter__(self):
        self.child = lab.Child([self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder,
                                "--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000"], self.folder + "/log", cwd=self.folder)
        lab.wait_until(lambda: self.ask("ping", check=False).strip() == "PONG", 20, "redis answers")
        return self

    def __exit__(self, *_):
        self.child.stop()
        lab.remove(self.folder)

    def ask(self, *argv, input=None, check=True):
        return subprocess.run([self.client, "-p", str(self.port), *argv], input=input, capture_output=True, text=True, check=check).stdout

    def stats(self):
        """{command: (calls, µs)} as the server counts them, without what this test asks."""
        found = re.findall(r"cmdstat_([^:]+):calls=(\d+),usec=(\d+)", self.ask("info", "commandstats"))
        stats = collections.defaultdict(lambda: [0, 0])
        for name, calls, usec in found:
            name = name.split("|")[0]
            if name not in OURS:
                stats[name][0] += int(calls)
                stats[name][1] += int(usec)
        return {name: tuple(both) for name, both in stats.items()}


def digest(path):
    """{command: (calls, µs)} of what dbperf reads, and all that it says."""
    run = subprocess.run([os.environ["DBPERF"], "digest", "--format", "json", path], capture_output=True, text=True)
    if run.returncode:
        raise lab.Failed(f"digest ends with {run.returncode}: {run.stderr}")
    stats = collections.defaultdict(lambda: [0, 0])
    for s in json.loads(run.stdout)["statements"]:
        name = s["text"].split()[0].lower()
        if name not in OURS:
            stats[name][0] += s["calls"]
            stats[name][1] += round((s["total_ms"] or 0) * 1000)
    return {name: tuple(both) for name, both in stats.items()}, run.stdout


def expect_same(form, found, said, expected):
    if found != expected:
        raise lab.Failed(f"{form}: {found} is not {expected}")
    if SECRET in said:
        raise lab.Failed(f"{form}: a value is in what dbperf says: {re.findall('.{40}' + SECRET, said)[:3]}")


def main():
    with Redis() as redis:
        monitor = lab.Child([redis.client, "-p", str(redis.port), "monitor"], redis.folder + "/monitor")
        lab.wait_until(lambda: "OK" in monitor.log(), 10, "MONITOR begins")
        redis.ask("config", "resetstat")
        redis.ask("slowlog", "reset")
        redis.ask(input="\n".join(WORKLOAD) + "\n")
        lab.wait_until(lambda: "example.com" in monitor.log(), 10, "MONITOR has all")
        expected = redis.stats()
        monitor.stop()
        # A command that a script runs is counted by the server, and is in its slow log and MONITOR beside the script.
        for form, options in {"raw": [], "terminal": ["--no-raw"], "CSV": ["--csv"], "JSON": ["--json"]}.items():
            path = f"{redis.folder}/{form}.txt"
            lab.write(path, redis.ask(*options, "slowlog", "get", "-1"))
            expect_same(form, *digest(path), expected)
        found, said = digest(redis.folder + "/monitor")
        expect_same("MONITOR", {name: (calls, 0) for name, (calls, _) in found.items()}, said,
                    {name: (calls, 0) for name, (calls, _) in expected.items()})
        print(f"{sum(c for c, _ in expected.values())} commands, {sum(u for _, u in expected.values())} us: as the server counts them")


if __name__ == "__main__":
    lab.main(main)
