-- id: progress
-- title: Maintenance under way
-- for: now
-- kind: table
-- order: 57
-- column: target text data
-- column: pid count data
-- column: kind text
-- column: database text
-- column: object text
-- column: phase text
-- column: done share
SELECT :target AS target, pid, kind, database, object, phase, fraction AS done
  FROM progress WHERE look = (SELECT max(look) FROM progress) ORDER BY kind, object, pid
