"""Records what the sources of a real server keep of each statement of tests/unit/statement_pairs*.txt.

    python3 tests/lab/record_pairs.py postgresql|mariadb|mysql tests/unit/statement_pairs….txt

rewrites the file: the statement as it was sent, tab, each text of it that differs from that (with \\\\ \\n \\t \\r escaped). Lines
that begin with # stay; a statement that the server cannot parse is an error. The unit test then asks for one fingerprint.
"""
import sys

import lab, statements


def main(engine, path):
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    texts = statements.pairs(path)
    recorded = {}
    for text, sources in zip(texts, statements.seen(engine, texts)):
        if not sources:
            raise lab.Failed(f"the server keeps nothing of: {text}")
        kept = dict.fromkeys(other.strip() for other in sources.values() if other.strip() != text.strip())
        recorded[text] = "\t".join(statements.escape(other) for other in (text, *kept))
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write((line if not line or line.startswith("#") else recorded[statements.unescape(line.split("\t")[0])]) + "\n")


lab.main(lambda: main(*sys.argv[1:]))
