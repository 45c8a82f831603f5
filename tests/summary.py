#!/usr/bin/env python3
"""Adds up meson's test logs: each case of a TAP test counts, any other test counts once.

Prints `N passed, N failed, N skipped`; status 1 when something failed or nothing ran.
"""
import json
import re
import sys

CASE = re.compile(r'^(ok|not ok) \d+(.*)$', re.M)


def count(test):
    """(passed, failed, skipped) of one entry of testlog.json."""
    cases = CASE.findall(test.get('stdout') or '')
    skipped = sum(1 for state, rest in cases if state == 'ok' and re.search(r'# skip', rest, re.I))
    failed = sum(1 for state, _ in cases if state == 'not ok')
    result = test['result']
    if result in ('SKIP', 'IGNORED'):
        return (0, 0, 1)
    if result not in ('OK', 'EXPECTEDFAIL'):
        return (max(len(cases) - failed - skipped, 0), max(failed, 1), skipped)
    return (len(cases) - skipped, 0, skipped) if cases else (1, 0, 0)


def main(paths):
    total = [0, 0, 0]
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as log:
            for line in log:
                total = [a + b for a, b in zip(total, count(json.loads(line)))]
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 0 if total[0] and not total[1] else 1


sys.exit(main(sys.argv[1:]))
