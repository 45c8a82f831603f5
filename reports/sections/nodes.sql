-- id: nodes
-- title: -
-- for: explain
-- kind: tree
-- order: 20
-- inside: plans
-- column: id count data
-- column: parent count data
-- column: depth depth
-- column: hot mark
-- column: node text text
-- column: operation text data
-- column: relation text data
-- column: index text data
-- column: self duration
-- column: share bar
-- column: rows count text
-- column: estimated count text
-- column: off text wide
-- column: executed count wide
-- column: hit count wide
-- column: read count wide
-- column: temp count wide
-- column: condition sql wide
-- column: estimated_rows count data
-- column: actual_rows count data
-- column: loops count data
-- column: total duration data
-- column: elapsed duration data
-- column: rows_removed count data
-- column: class text data
-- column: label text data
-- column: schema text extra
-- column: alias text extra
-- column: relationship text extra
-- column: join_type text extra
-- column: strategy text extra
-- column: command text extra
-- column: produces text extra
-- column: startup_cost count extra
-- column: total_cost count extra
-- column: width_bytes bytes extra
-- column: rows_error count extra
-- column: first duration extra
-- column: rows_removed_by_filter count extra
-- column: rows_removed_by_join_filter count extra
-- column: rows_removed_by_recheck count extra
-- column: heap_fetches count extra
-- column: exact_blocks count extra
-- column: lossy_blocks count extra
-- column: index_searches count extra
-- column: blocks_hit count extra
-- column: blocks_read count extra
-- column: blocks_dirtied count extra
-- column: blocks_written count extra
-- column: temp_read count extra
-- column: temp_written count extra
-- column: io_read duration extra
-- column: io_write duration extra
-- column: temp_io duration extra
-- column: wal_bytes bytes extra
-- column: workers_planned count extra
-- column: workers_launched count extra
-- column: memory_bytes bytes extra
-- column: disk_bytes bytes extra
-- column: batches count extra
-- column: cache_hits count extra
-- column: cache_misses count extra
-- column: cache_evictions count extra
-- column: parts_removed count extra
-- column: filter sql extra
-- column: index_condition sql extra
-- column: join_condition sql extra
-- column: join_filter sql extra
-- column: sort_key sql extra
-- column: group_key sql extra
-- column: method text extra
-- column: rows_examined count extra
-- column: filtered_share share extra
-- column: key_bytes bytes extra
-- column: detail json extra
-- column: notes json extra
-- The nodes of a plan, parents before their children. self is elapsed time without children's, under parallel workers a
-- part of theirs; share is of all; rows and total are over all loops and workers,
-- estimated_rows for one loop. hot marks the way to the node that
-- took most. Conditions have ? for literals.
SELECT node AS id, parent, depth, is_hot AS hot,
       CASE relationship WHEN 'cte' THEN 'CTE ' || produces || ': ' WHEN 'initplan' THEN produces || ': ' WHEN 'subplan' THEN 'SubPlan: ' ELSE '' END
       || coalesce(label, operation)
       || CASE WHEN relation IS NOT NULL THEN ' on ' || relation WHEN class = 'bitmap index' AND index_name IS NOT NULL THEN ' on ' || index_name ELSE '' END
       || coalesce(' ' || alias, '')
       || CASE WHEN index_name IS NOT NULL AND class <> 'bitmap index' THEN ' using ' || index_name ELSE '' END
       || CASE WHEN loops = 0 THEN ' (never executed)' ELSE '' END AS node,
       operation, relation, index_name AS "index", self_us AS self, self_share AS share,
       actual_rows AS rows, estimated_rows AS estimated,
       CASE WHEN class = 'bitmap index' AND actual_rows = 0 THEN NULL
            WHEN loops > 0 AND estimated_rows IS NOT NULL AND max(actual_rows - coalesce(rows_error, 0), 1) >= 3 * max(estimated_rows * loops, 1)
            THEN count_text(max(actual_rows, 1) / max(estimated_rows * loops, 1)) || ' x more'
            WHEN loops > 0 AND estimated_rows IS NOT NULL AND may_stop = 0 AND max(estimated_rows * loops, 1) >= 3 * max(actual_rows + coalesce(rows_error, 0), 1)
            THEN count_text(max(estimated_rows * loops, 1) / max(actual_rows, 1)) || ' x fewer'
        END AS off,
       CASE WHEN loops > 1 THEN loops END AS executed,
       nullif(self_hit, 0) AS hit, nullif(self_read, 0) AS read, nullif(self_temp, 0) AS temp,
       coalesce(index_condition || coalesce(' filter ' || filter, ''), filter, join_condition || coalesce(' filter ' || join_filter, ''),
                join_filter, sort_key, group_key) AS condition,
       estimated_rows, actual_rows, loops, total_us AS total, elapsed_us AS elapsed,
       CASE WHEN coalesce(removed_filter, removed_join, removed_recheck) IS NOT NULL
            THEN coalesce(removed_filter, 0) + coalesce(removed_join, 0) + coalesce(removed_recheck, 0) END AS rows_removed,
       class, label, schema, alias, relationship, join_type, strategy, command, produces, startup_cost, total_cost, width_bytes,
       rows_error, first_us AS first, removed_filter AS rows_removed_by_filter, removed_join AS rows_removed_by_join_filter,
       removed_recheck AS rows_removed_by_recheck, heap_fetches, exact_blocks, lossy_blocks, index_searches, blocks_hit, blocks_read,
       blocks_dirtied, blocks_written, temp_read, temp_written, io_read_us AS io_read, io_write_us AS io_write, temp_io_us AS temp_io,
       wal_bytes, workers_planned, workers_launched, memory_bytes, disk_bytes, batches, cache_hits, cache_misses, cache_evictions,
       parts_removed, filter, index_condition, join_condition, join_filter, sort_key, group_key, method, rows_examined, filtered_share,
       key_bytes, detail, notes
  FROM plan_node ORDER BY plan, id
