-- id: missing-index
-- title: Statements read a whole table for a few rows
-- category: indexes
-- nature: state
-- window: now
-- reads: relation, index_stat, column_stat?, statement?, statement_text?, statement_column?, session?, history.finding
-- param: min_size = 1MB
-- param: min_rows = 1000
-- param: rows_per_second = 10000
-- param: pages = 10%
-- param: returned = 10%
-- param: min_distinct = 10
-- param: warn_load = 5%
-- param: warn_share = 5%
-- param: keep = 7d
-- param: waits = 60s
-- source: PgHero and pgdoctor judge by the share of scans and suggest indexes that exist (PgHero issue 64); here the reads of this window are joined to the statements that made them
-- A table is read from end to end again and again, and these statements do it: they choose rows by columns with which no
-- index begins. The columns to index are named, the most selective first; of an expression its columns. A warning when the statements take a measurable
-- part of the database's time; without statement statistics only the table can be told.
WITH hot AS MATERIALIZED ( -- what sequential scans read much of in this window; not tiny tables
  SELECT r.database, r.schema, r.relation, coalesce(r.parent, r.schema || '.' || r.relation) AS top,
         r.seq_scans, r.seq_rows_read, coalesce(nullif(r.rows, 0), r.live_rows, r.seq_rows_read / r.seq_scans) AS rows,
         coalesce(r.size_bytes, r.pages * 8192) / 8192 AS pages, r.rows_inserted + r.rows_updated + r.rows_deleted AS writes
    FROM relation r
   WHERE r.seq_scans > 0 AND r.seq_rows_read >= :min_rows * r.seq_scans
     AND coalesce(r.size_bytes, r.pages * 8192) >= :min_size
     AND r.seq_rows_read * 1e6 / window_us() >= :rows_per_second
), whole AS MATERIALIZED ( -- the tables whose partitions these are
  SELECT database, schema, relation, kind, schema || '.' || relation AS top FROM relation WHERE schema || '.' || relation IN (SELECT top FROM hot)
), scanned AS (            -- the same by table: its partitions together, as they stand in statements
  SELECT h.database, h.top, sum(h.seq_scans) AS seq_scans, sum(h.seq_rows_read) AS seq_rows_read, sum(h.rows) AS rows,
         sum(h.writes) AS writes, coalesce(w.schema, max(h.schema)) AS schema, coalesce(w.relation, max(h.relation)) AS relation,
         coalesce(w.kind = 'partitioned', 0) AS is_partitioned
    FROM hot h LEFT JOIN whole w ON w.database = h.database AND w.top = h.top
   GROUP BY 1, 2

-- Who reads it: statements that name it, touch about as many pages as a scan of it does, and return few rows.
), hot_name AS (
  SELECT database, top, lower(relation) AS name FROM scanned
   UNION
  SELECT database, top, lower(schema || '.' || relation) FROM scanned
), named AS (
  SELECT fingerprint, name, replace(name, rtrim(name, replace(name, '.', '')), '') AS relation   -- behind the last dot
    FROM (SELECT DISTINCT t.fingerprint, lower(replace(j.value, '"', '')) AS name FROM statement_text t, json_each(t.tables) j
           WHERE EXISTS (SELECT 1 FROM hot))
), class AS (
  SELECT database, fingerprint, sum(calls) AS calls, sum(total_us) AS total_us, sum(rows_returned) AS returned,
         sum(blocks_hit + blocks_read) AS blocks
    FROM statement GROUP BY 1, 2 HAVING sum(calls) > 0
), reader AS MATERIALIZED (
  SELECT DISTINCT h.database, h.schema, h.relation, h.top, h.rows, c.fingerprint, c.calls, c.total_us
    FROM hot_name k        -- few: so in this order
   CROSS JOIN named n ON n.name = k.name
   CROSS JOIN class c ON c.database = k.database AND c.fingerprint = n.fingerprint
    JOIN hot h ON h.database = k.database AND h.top = k.top
   WHERE coalesce(c.blocks >= :pages * h.pages * c.calls, 1) AND coalesce(c.returned <= :returned * h.rows * c.calls, 1)

-- By which columns: those that are this table's, by its name or because no other table of the statement has one so called.
), by_column AS MATERIALIZED (
  SELECT r.*, c."column" AS said, lower(c."column") AS col, lower(c.relation) AS of_relation, lower(c.schema) AS of_schema,
         min(c.usage = 'range') AS is_range, min(coalesce(c.is_expression, 0)) AS is_expression
    FROM reader r JOIN statement_column c ON c.fingerprint = r.fingerprint
   WHERE c.usage IN ('equal', 'range')
   GROUP BY r.database, r.schema, r.relation, r.fingerprint, lower(c."column"), lower(c.relation), lower(c.schema)
), listed AS MATERIALIZED (  -- the columns of all tables that those statements name
  SELECT database, schema, relation, "column", lower("column") AS col, lower(relation) AS name, distinct_values, type
    FROM column_stat
   WHERE lower(relation) IN (SELECT relation FROM named WHERE fingerprint IN (SELECT fingerprint FROM reader) UNION SELECT lower(relation) FROM hot)
), owner AS (
  SELECT * FROM listed WHERE col IN (SELECT col FROM by_column)
   UNION ALL               -- without a list of columns the statement has to name the table, or no other
  SELECT DISTINCT b.database, b.schema, b.relation, b.said, b.col, lower(b.relation), NULL, NULL
    FROM by_column b
   WHERE (b.database, b.schema, b.relation) NOT IN (SELECT database, schema, relation FROM listed)
     AND (b.of_relation IS NOT NULL OR b.fingerprint IN (SELECT fingerprint FROM named GROUP BY 1 HAVING count(*) = 1))
), owned AS (              -- who of the tables that a statement names has such a column: the first and the last by name
  SELECT n.fingerprint, o.database, o.col, min(o.name) AS first, max(o.name) AS last
    FROM named n JOIN owner o ON o.name = n.relation
   WHERE n.fingerprint IN (SELECT fingerprint FROM by_column)
   GROUP BY 1, 2, 3
), choice AS MATERIALIZED (
  SELECT b.*, o."column" AS name, CASE WHEN o.distinct_values < 0 THEN -o.distinct_values * b.rows ELSE nullif(o.distinct_values, 0) END AS values_of
    FROM by_column b
    JOIN owner o ON o.database = b.database AND o.schema = b.schema AND o.relation = b.relation AND o.col = b.col
    JOIN scanned s ON s.database = b.database AND s.top = b.top
    LEFT JOIN owned w ON w.fingerprint = b.fingerprint AND w.database = b.database AND w.col = b.col
   WHERE coalesce(o.type, '') NOT IN ('json', 'xml', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle')   -- a btree takes it
     AND (b.of_schema IS NULL OR b.of_schema = lower(b.schema))
     AND CASE WHEN b.of_relation IS NOT NULL THEN b.of_relation IN (lower(s.relation), o.name)
              ELSE coalesce(w.first IN (lower(s.relation), o.name) AND w.last IN (lower(s.relation), o.name), 1) END

), filter AS (
  SELECT * FROM choice WHERE NOT is_expression

-- Which of them want an index: of statements for which none begins with any of their columns; few values alone are no use.
), leading AS (            -- also when it is being built
  SELECT DISTINCT i.database, i.schema, i.relation, lower(i.columns ->> '$[0].column') AS col
    FROM index_stat i
   WHERE (i.database, i.schema, i.relation) IN (SELECT database, schema, relation FROM hot) AND (i.is_valid = 1 OR i.is_building = 1)
), ranked AS (             -- equal before range, then the most values
  SELECT f.*, max(coalesce(f.values_of, 1e18)) OVER reader AS most_values,
         max(CASE WHEN NOT f.is_range THEN f.values_of END) OVER reader AS most_equal,
         max((f.database, f.schema, f.relation, f.col) IN (SELECT * FROM leading)) OVER reader AS is_served,
         row_number() OVER (reader ORDER BY f.is_range, coalesce(f.values_of, 0) DESC, f.col) AS place,
         row_number() OVER (PARTITION BY f.database, f.schema, f.relation, f.fingerprint, f.is_range
                            ORDER BY coalesce(f.values_of, 0) DESC, f.col) AS place_of_kind
    FROM filter f
  WINDOW reader AS (PARTITION BY f.database, f.schema, f.relation, f.fingerprint)
), chosen AS (             -- two equal columns and a range; no more once a tenth of the values tell rows apart
  SELECT database, top, fingerprint, calls, total_us,
         json_group_array(name) OVER list AS columns, group_concat(quote_ident(name), ', ') OVER list AS list,
         min(is_range) OVER list AS only_range, max(values_of IS NOT NULL) OVER list AS is_known
    FROM ranked
   WHERE NOT is_served AND most_values >= :min_distinct
     AND (place = 1 OR (place_of_kind <= iif(is_range, 1, 2) AND coalesce(most_equal < rows / 10.0, 1)))
  WINDOW list AS (PARTITION BY database, schema, relation, fingerprint ORDER BY place
                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), wish AS (               -- one index for each list of columns
  SELECT database, top, columns, list, sum(total_us) AS total_us, sum(calls) AS calls, min(only_range) AS only_range,
         max(is_known) AS is_known, json_group_array(hex16(fingerprint)) AS statements
    FROM (SELECT DISTINCT * FROM chosen)
   GROUP BY 1, 2, 3, 4
), wanted AS (             -- a list that begins a longer one is served by that
  SELECT w.*, row_number() OVER (PARTITION BY w.database, w.top ORDER BY w.total_us DESC, w.list) AS place
    FROM wish w
   WHERE NOT EXISTS (SELECT 1 FROM wish l WHERE l.database = w.database AND l.top = w.top
                        AND substr(l.columns, 1, length(w.columns)) = substr(w.columns, 1, length(w.columns) - 1) || ',')
), cost AS (               -- each statement once, however many indexes it asks for
  SELECT database, top, count(*) AS statements, sum(calls) AS calls, sum(total_us) AS total_us,
         1.0 * sum(total_us) / nullif((SELECT sum(total_us) FROM statement), 0) AS share, 1.0 * sum(total_us) / window_us() AS load
    FROM (SELECT DISTINCT database, top, fingerprint, calls, total_us FROM chosen)
   GROUP BY 1, 2
), hidden AS (             -- statements that choose by an expression over columns alone, which no index begins with either
  SELECT h.database, h.top, json_group_array(DISTINCT h.name) AS columns, group_concat(DISTINCT h.name) AS list, max(NOT h.is_range) AS is_equal,
         json_group_array(DISTINCT hex16(h.fingerprint)) AS statements, count(DISTINCT h.fingerprint) AS count, max(h.fingerprint) AS fingerprint
    FROM choice h
   WHERE h.is_expression AND coalesce(h.values_of, 1e18) >= :min_distinct AND (h.database, h.top) NOT IN (SELECT database, top FROM chosen)
     AND (h.database, h.top, h.fingerprint) NOT IN (SELECT database, top, fingerprint FROM filter)
     AND (h.database, h.top) NOT IN (SELECT x.database, x.top FROM choice x
            JOIN index_stat i ON i.database = x.database AND i.schema = x.schema AND i.relation = x.relation AND (i.is_valid = 1 OR i.is_building = 1)
           WHERE instr(lower(i.columns ->> '$[0].expression'), x.col))
   GROUP BY 1, 2
), hidden_cost AS (
  SELECT h.database, h.top, sum(c.calls) AS calls, sum(c.total_us) AS total_us,
         1.0 * sum(c.total_us) / nullif((SELECT sum(total_us) FROM statement), 0) AS share, 1.0 * sum(c.total_us) / window_us() AS load
    FROM hidden h JOIN (SELECT DISTINCT database, top, fingerprint, calls, total_us FROM choice) c ON c.database = h.database AND c.top = h.top
   GROUP BY 1, 2
), meant AS (              -- at most three indexes a table, and what they could be called
  SELECT s.*, w.list, w.columns, w.only_range, w.is_known, w.calls, w.total_us, w.statements, w.suffix,
         substr(s.relation || '_' || w.suffix, 1, 59) || '_idx' AS name
    FROM scanned s
    JOIN (SELECT *, (SELECT group_concat(value, '_') FROM json_each(columns)) AS suffix FROM wanted WHERE place <= 3) w
      ON w.database = s.database AND w.top = s.top
), waiting AS (            -- a build without locks waits for every transaction of its database that is older
  SELECT database, pid, max(transaction_us) AS transaction_us FROM session
   WHERE transaction_us >= :waits AND coalesce(is_own, 0) = 0 AND kind = 'client'
   GROUP BY database
), typed AS (
  SELECT m.*, quote_ident(m.schema) || '.' || quote_ident(m.relation) AS table_name,
         quote_ident(m.name || iif((m.database, m.schema, m.name) IN (SELECT database, schema, name FROM index_stat), '_2', '')) AS index_name,
         json_object('columns', json(m.columns), 'calls', m.calls, 'total_us', m.total_us, 'statements', json(m.statements)) AS told,
         coalesce((SELECT '-- first see to pid ' || pid || ', whose transaction is ' || duration(transaction_us) || ' old: the build waits for its end' || char(10)
                     FROM waiting w WHERE w.database = m.database), '') AS waits_for
    FROM meant m
)
SELECT t.database, t.top AS object,
       CASE WHEN c.load >= :warn_load AND c.share >= :warn_share AND NOT min(t.only_range) THEN 'warning' ELSE 'info' END AS severity,
       'no index begins with ' || group_concat('(' || t.list || ')', ', ') || ': scans of the whole table read '
         || count_text(t.seq_rows_read * 1e6 / window_us()) || ' rows a second; ' || c.statements || iif(c.statements = 1, ' statement', ' statements') || ', ' || percent(c.share) || ' of all statements'' time' AS summary,
       json_object('indexes', json_group_array(json(t.told)), 'seq_scans', t.seq_scans, 'seq_rows_read', t.seq_rows_read, 'rows', t.rows,
                   'writes_per_s', round(t.writes * 1e6 / window_us(), 2), 'calls', c.calls, 'total_us', c.total_us,
                   'load', round(c.load, 3), 'share', round(c.share, 4), 'window_us', window_us()) AS evidence,
       max(t.waits_for) || iif(t.is_partitioned,
           '-- writes go on meanwhile: on the table alone, then on each partition, then they are joined; undo: DROP INDEX of the first name'
           || char(10) || group_concat('CREATE INDEX ' || t.index_name || ' ON ONLY ' || t.table_name || ' (' || t.list || ');' || char(10)
             || (SELECT group_concat(CASE WHEN nr <= 12 THEN
                          'CREATE INDEX CONCURRENTLY ' || name || ' ON ' || quote_ident(p.schema) || '.' || quote_ident(p.relation) || ' (' || t.list || ');' || char(10)
                          || 'ALTER INDEX ' || quote_ident(t.schema) || '.' || t.index_name || ' ATTACH PARTITION ' || quote_ident(p.schema) || '.' || name || ';'
                        ELSE '-- and so on each of the other partitions, ' || (partitions - 12) || ' of them' END, char(10))
                   FROM (SELECT *, quote_ident(substr(relation || '_' || t.suffix, 1, 59) || '_idx') AS name,
                                row_number() OVER (ORDER BY schema, relation) AS nr, count(*) OVER () AS partitions
                           FROM relation WHERE t.is_partitioned AND database = t.database AND parent = t.top) p WHERE nr <= 13), char(10)),
           '-- writes go on meanwhile; risk: it takes space, and each write'
           || iif(t.writes * 1e6 >= window_us(), ' (' || count_text(t.writes * 1e6 / window_us()) || ' a second)', '') || ' costs a little more' || char(10)
           || group_concat('CREATE INDEX CONCURRENTLY ' || t.index_name || ' ON ' || t.table_name || ' (' || t.list || ');', char(10))
           || char(10) || '-- undo:' || char(10)
           || group_concat('-- DROP INDEX CONCURRENTLY ' || replace(quote_ident(t.schema) || '.' || t.index_name, char(10), ' ') || ';', char(10))) AS fix,
       c.share AS impact,
       iif(min(t.is_known), 0.9, 0.6) AS confidence
  FROM typed t
  JOIN cost c ON c.database = t.database AND c.top = t.top
 GROUP BY t.database, t.top
 UNION ALL                 -- what to index can be read in the statement only
SELECT s.database, s.top, CASE WHEN c.load >= :warn_load AND c.share >= :warn_share AND h.is_equal THEN 'warning' ELSE 'info' END,
       'no index holds the expression over ' || h.list || ' by which ' || h.count || iif(h.count = 1, ' statement chooses', ' statements choose')
         || ' rows: scans of the whole table read ' || count_text(s.seq_rows_read * 1e6 / window_us()) || ' rows a second, '
         || percent(c.share) || ' of all statements'' time',
       json_object('expressions_over', json(h.columns), 'statements', json(h.statements), 'seq_scans', s.seq_scans, 'seq_rows_read', s.seq_rows_read,
                   'rows', s.rows, 'calls', c.calls, 'total_us', c.total_us, 'load', round(c.load, 3), 'share', round(c.share, 4), 'window_us', window_us(),
                   'statement', (SELECT substr(t.text, 1, 300) FROM statement_text t WHERE t.fingerprint = h.fingerprint LIMIT 1)),
       '-- index the expression, in brackets of its own and word for word as the statement has it: CREATE INDEX CONCURRENTLY … ON … ((lower(name)));'
         || ' it has to be immutable; ANALYZE the table afterwards; risk: it takes space, each write costs a little more; undo: drop the index',
       c.share, 0.5
  FROM scanned s
  JOIN hidden h ON h.database = s.database AND h.top = s.top
  JOIN hidden_cost c ON c.database = s.database AND c.top = s.top
 UNION ALL                 -- no statement statistics: the table is all that is known
SELECT s.database, s.top, 'info',
       'scans of the whole table read ' || count_text(s.seq_rows_read * 1e6 / window_us()) || ' rows a second; which statements do it cannot be told without statement statistics',
       json_object('seq_scans', s.seq_scans, 'seq_rows_read', s.seq_rows_read, 'rows', s.rows, 'window_us', window_us()),
       '-- statement statistics tell which columns to index: dbperf doctor says what they need', NULL, 0.3
  FROM scanned s
 WHERE NOT EXISTS (SELECT 1 FROM statement)
 UNION ALL                 -- found before, and no index came since: that nobody asks just now is no proof
SELECT NULL, k.object, NULL, 'not read so in this window', NULL, NULL, NULL, NULL
  FROM history.finding k, snapshot s
 WHERE k.target = s.target AND k.rule = 'missing-index' AND k.is_open AND k.last_seen > now() - :keep
   AND EXISTS (SELECT 1 FROM relation r
                WHERE r.database || '.' || coalesce(r.parent, r.schema || '.' || r.relation) = k.object
                  AND NOT EXISTS (SELECT 1 FROM index_stat i, json_each(k.evidence, '$.indexes') w
                                   WHERE i.database = r.database AND i.schema = r.schema AND i.relation = r.relation
                                     AND (i.is_valid = 1 OR i.is_building = 1)
                                     AND lower(i.columns ->> '$[0].column') = lower(w.value ->> '$.columns[0]'))
                  AND NOT EXISTS (SELECT 1 FROM index_stat i, json_each(k.evidence, '$.expressions_over') w
                                   WHERE i.database = r.database AND i.schema = r.schema AND i.relation = r.relation
                                     AND (i.is_valid = 1 OR i.is_building = 1)
                                     AND instr(lower(i.columns ->> '$[0].expression'), lower(w.value))));
