#!/usr/bin/env python3
"""Runs command lines that stand in data files against the built program.

A file NAME.case holds one case or several, parted by lines of "====". Each has parts headed by lines
"-- PART" (run, stdin, file PATH, stdout, stderr, status):

    -- run: what it shows          one line of shell; $DBPERF is the program
    $DBPERF audit --intervall 3
    -- stdout                      exact text; absent: none is expected
    -- stderr
    dbperf: unknown option '--intervall'
    -- status
    2

A line of expected output that begins with "re: " is a regular expression for that line, one that is "..." stands
for any lines. Each case runs in a folder of its own with HOME, XDG_… and a fixed clock, LC_ALL=C and TZ=UTC.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

NOW = "1772331130000000"  # 2026-03-01 02:12:10 UTC


def parts_of(text):
    parts, name = {}, None
    for line in text.split("\n"):
        head = re.match(r"-- (run|stdin|stdout|stderr|status|file)\b:? ?(.*)$", line)
        if head:
            name = head.group(1)
            if name == "file":
                name = "file " + head.group(2)
            elif name == "run":
                parts["title"] = head.group(2)
            parts.setdefault(name, [])
        elif name:
            parts[name].append(line)
    return {k: v if isinstance(v, str) else "\n".join(v).strip("\n") for k, v in parts.items()}


def matches(wanted, got):
    """Whether the lines are as expected; "..." takes as many lines as needed."""
    if not wanted:
        return not got
    if wanted[0] == "...":
        return any(matches(wanted[1:], got[i:]) for i in range(len(got) + 1))
    if not got:
        return False
    same = re.fullmatch(wanted[0][4:], got[0]) if wanted[0].startswith("re: ") else wanted[0] == got[0]
    return bool(same) and matches(wanted[1:], got[1:])


def run_case(program, case, source):
    folder = tempfile.mkdtemp(prefix="dbperf-cli-")
    try:
        for name, text in case.items():
            if name.startswith("file "):
                path = os.path.join(folder, name[5:])
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as out:
                    out.write(text + "\n")
        env = {
            "PATH": os.environ["PATH"], "HOME": folder, "XDG_CONFIG_HOME": folder + "/config", "XDG_STATE_HOME": folder + "/state",
            "LC_ALL": "C", "TZ": "UTC", "DBPERF_NOW": NOW, "DBPERF": program, "SOURCE": source, "TERM": "dumb",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        done = subprocess.run(["sh", "-c", case["run"]], cwd=folder, env=env, input=case.get("stdin", "").encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        wrong = []
        for name, got in (("stdout", done.stdout), ("stderr", done.stderr)):
            text = got.decode("utf-8", "backslashreplace").replace(folder, "FOLDER").rstrip("\n")
            wanted = case.get(name, "")
            if not matches(wanted.split("\n") if wanted else [], text.split("\n") if text else []):
                wrong.append("%s is\n%s\n-- and not\n%s" % (name, text, wanted))
        if str(done.returncode) != case.get("status", "0"):
            wrong.append("status is %d, not %s" % (done.returncode, case.get("status", "0")))
        return wrong
    except subprocess.TimeoutExpired:
        return ["takes more than 60 s"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    program = os.path.abspath(sys.argv[1])
    here = os.path.dirname(os.path.abspath(__file__))
    source = os.path.dirname(os.path.dirname(here))
    files = sys.argv[2:] or sorted(glob.glob(os.path.join(here, "*.case")))
    number, failed, lines = 0, 0, []
    for path in files:
        with open(path, encoding="utf-8") as text:
            cases = [parts_of(case) for case in re.split(r"^====\n", text.read(), flags=re.M)]
        for case in cases:
            if "run" not in case:
                continue
            number += 1
            title = "%s: %s" % (os.path.basename(path)[:-5], case["title"])
            wrong = run_case(program, case, source)
            failed += bool(wrong)
            print("%s %d - %s" % ("not ok" if wrong else "ok", number, title))
            for text in wrong:
                print("\n".join("# " + line for line in text.split("\n")))
    print("1..%d" % number)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
