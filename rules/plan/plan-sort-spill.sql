-- id: plan-sort-spill
-- title: A sort does not fit into memory
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_disk = 1MB
-- param: warn = 100MB
-- param: warn_share = 25%
-- source: every plan tool tells any spill; a megabyte on disk is not felt, 100 MB or a quarter of the plan's time are. In memory rows take about twice the room that they take on disk (measured on PostgreSQL 15: 1.6 to 2.4 times)
-- The rows went to temporary files and back. With more memory for the sort, or an index in the order that is asked for, they
-- stay in memory, or need no sort.
SELECT object,
       CASE WHEN disk_bytes >= :warn OR (self_share >= :warn_share AND self_us >= 100000) THEN 'warning' ELSE 'info' END AS severity,
       'put ' || bytes(disk_bytes) || ' into temporary files' || coalesce(', ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)', '')
       || '; in memory it needs about ' || bytes(2 * disk_bytes) AS summary,
       json_object('node', node, 'disk_bytes', disk_bytes, 'needed_bytes', 2 * disk_bytes, 'rows', CAST(actual_rows AS INTEGER), 'width_bytes', width_bytes,
                   'method', method, 'self_us', self_us, 'sort_key', sort_key) AS evidence,
       '-- For this statement only; each sort and hash of each session may take as much:' || char(10)
       || 'SET LOCAL work_mem = ''' || max(8, CAST(2 * disk_bytes / 1048576.0 + 1 AS INTEGER)) || 'MB'';' AS fix,
       self_share AS impact
  FROM plan_node
 WHERE class IN ('sort', 'aggregate', 'window', 'materialize', 'derived scan') AND disk_bytes >= :min_disk
