-- id: plan-hash-spill
-- title: A hash table does not fit into memory
-- category: plans
-- nature: state
-- reads: plan_node
-- param: warn = 8
-- param: warn_share = 25%
-- source: pev2 and pganalyze tell more than one batch, pgplan calls 8 critical: from there both sides go to disk almost whole. Its parts times the memory of one is what it needs (measured on PostgreSQL 15: 256 parts of 65 kB, 14.7 MB in one)
-- The table was cut into parts (batches): all but the first, and the rows of the other side that belong to them, go to
-- temporary files and back.
WITH h AS (
  SELECT n.*, n.memory_bytes * n.batches AS needed, coalesce(j.self_share, 0) + coalesce(n.self_share, 0) AS share,
         coalesce(j.self_us, 0) + coalesce(n.self_us, 0) AS us, coalesce(j.self_temp, 0) + coalesce(n.self_temp, 0) AS temp
    FROM plan_node n LEFT JOIN plan_node j ON j.plan IS n.plan AND j.node = n.parent AND j.class = 'hash join'
   WHERE n.class IN ('hash', 'aggregate') AND n.batches > 1
)
SELECT object,
       CASE WHEN batches >= :warn AND share >= :warn_share AND us >= 100000 THEN 'warning' ELSE 'info' END AS severity,
       'was cut into ' || batches || ' parts' || coalesce('; in one it needs about ' || bytes(needed), '')
       || CASE WHEN temp > 0 THEN ', ' || count_text(temp) || ' temporary blocks went by' ELSE '' END AS summary,
       json_object('node', node, 'batches', batches, 'memory_bytes', memory_bytes, 'needed_bytes', needed, 'temp_blocks', CAST(temp AS INTEGER),
                   'rows', CAST(actual_rows AS INTEGER), 'estimated_rows', CAST(estimated_rows AS INTEGER)) AS evidence,
       '-- For this statement only; each sort and hash of each session may take as much:' || char(10)
       || 'SET LOCAL work_mem = ''' || max(8, CAST(coalesce(needed, 8388608) * 1.2 / 1048576 + 1 AS INTEGER)) || 'MB'';' AS fix,
       share AS impact
  FROM h
