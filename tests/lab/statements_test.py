"""Every statement of tests/unit/statement_pairs*.txt has one fingerprint, whichever source of a real server it is taken from.

    NORMALISE=build/tests/lab/normalise python3 tests/lab/statements_test.py postgresql|mariadb|mysql
"""
import os, sys

import lab, statements

FILES = {"postgresql": "statement_pairs.txt", "mariadb": "statement_pairs_mariadb.txt", "mysql": "statement_pairs_mysql.txt"}


def main(engine):
    texts = statements.pairs(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit", FILES[engine]))
    seen = statements.seen(engine, texts)
    sent = statements.normalise(statements.DIALECTS[engine], texts)
    counts, bad = {}, []
    for text, sources, (fingerprint, normal) in zip(texts, seen, sent):
        if not sources:
            bad.append(f"no source has: {text}")
        for (source, other), (its, its_normal) in zip(sources.items(), statements.normalise(statements.DIALECTS[engine], sources.values())):
            counts[source] = counts.get(source, 0) + 1
            if its != fingerprint:
                bad.append(f"{source} differs:\n  sent {text}\n    as {normal}\n  kept {other}\n    as {its_normal}")
    print(f"{engine}: {len(texts)} statements;", ", ".join(f"{name}: {count}" for name, count in counts.items()))
    if bad:
        raise lab.Failed(f"{len(bad)} statements\n" + "\n".join(bad[:20]))
    if len(texts) < 200:
        raise lab.Failed(f"only {len(texts)} statements")


lab.main(lambda: main(sys.argv[1]))
