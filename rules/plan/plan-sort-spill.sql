-- id: plan-sort-spill
-- title: A sort does not fit into memory
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_disk = 1MB
-- param: warn = 100MB
-- param: warn_share = 25%
-- source: every plan tool tells any spill; a megabyte on disk is not felt, 100 MB or a quarter of the plan's time are. In memory a sort takes what it takes on disk and 64 bytes a row more (measured on PostgreSQL 15, 200,000 rows of 4 to 190 bytes: 61 to 65)
-- The rows went to temporary files and back. With more memory for the sort, or an index in the order that is asked for, they
-- stay in memory, or need no sort.
WITH s AS (
  SELECT *, CAST(disk_bytes + 64 * coalesce(actual_rows / max(loops, 1), 0) AS INTEGER) AS needed
    FROM plan_node
   WHERE class IN ('sort', 'aggregate', 'window', 'materialize', 'derived scan') AND disk_bytes >= :min_disk
)
SELECT object,
       CASE WHEN disk_bytes >= :warn OR (self_share >= :warn_share AND self_us >= 100000) THEN 'warning' ELSE 'info' END AS severity,
       'put ' || bytes(disk_bytes) || ' into temporary files' || coalesce(', ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)', '')
       || '; in memory it needs about ' || bytes(needed) AS summary,
       json_object('node', node, 'disk_bytes', disk_bytes, 'needed_bytes', needed, 'rows', CAST(actual_rows AS INTEGER), 'width_bytes', width_bytes,
                   'method', method, 'self_us', self_us, 'sort_key', sort_key) AS evidence,
       '-- For this statement only; each sort and hash of each session may take as much:' || char(10)
       || 'SET LOCAL work_mem = ''' || max(8, CAST(1.1 * needed / 1048576 + 1 AS INTEGER)) || 'MB'';' AS fix,
       self_share AS impact
  FROM s
