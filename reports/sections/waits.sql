-- id: waits
-- title: What sessions at work wait for
-- for: now
-- kind: table
-- order: 52
-- column: target text data
-- column: type text
-- column: event text
-- column: sessions count
-- column: share share
-- column: time duration
-- Sessions on average over the samples; `CPU` is those that run.
SELECT :target AS target, type, event, CASE WHEN samples > 0 THEN round(sum(count) * 1.0 / max(samples), 2) END AS sessions,
       round(sum(count) * 1.0 / sum(sum(count)) OVER (), 4) AS share, sum(time_us) AS time
  FROM wait WHERE type IS NOT NULL
 GROUP BY type, event ORDER BY sum(count) DESC, type, event LIMIT 10
