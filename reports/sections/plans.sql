-- id: plans
-- title: -
-- for: explain
-- kind: record
-- order: 10
-- column: plan text data
-- column: engine text data
-- column: format text data
-- column: total_cost count data
-- column: planning duration data
-- column: execution duration data
-- column: total duration data
-- column: shape id data
-- column: shape_loose id data
-- column: shape_strict id data
-- column: native_id text data
-- column: query sql data
-- column: is_analyzed boolean data
-- column: is_timed boolean data
-- column: has_blocks boolean data
-- column: is_cut boolean data
-- column: node_count count data
-- column: compile duration extra
-- column: serialize duration extra
-- column: trigger duration extra
-- column: triggers json extra
-- column: inconsistent duration extra
-- column: detail json extra
-- column: notes json extra
-- column: line line
-- column: cost line
-- column: trouble line
-- Each plan: what it is, how long it took, its shapes; its nodes and what is wrong with it stand inside. Costs are in the
-- planner's unit; total_ms is the time of its nodes, execution_ms with start, triggers and end.
SELECT :target AS plan, s.engine, p.format, p.total_cost, p.planning_us AS planning, p.execution_us AS execution,
       p.total_us AS total, p.shape_access AS shape, p.shape_loose, p.shape_strict, CAST(p.native_id AS TEXT) AS native_id, p.query,
       p.is_analyzed, p.is_timed, p.has_blocks, p.is_cut, p.nodes AS node_count, p.compile_us AS compile, p.serialize_us AS serialize,
       p.trigger_us AS trigger, p.triggers, nullif(p.inconsistent_us, 0) AS inconsistent, p.detail, p.notes,
       :target || '  ' || s.engine || ' plan, ' || p.nodes || CASE WHEN p.nodes = 1 THEN ' node' ELSE ' nodes' END
       || CASE WHEN p.is_timed THEN ', took ' || duration(coalesce(p.execution_us, p.total_us))
               WHEN p.is_analyzed THEN ', executed, not timed' ELSE ', not executed: shares are of the cost' END AS line,
       rtrim('  ' || coalesce('planned in ' || duration(p.planning_us) || ', ', '') || coalesce('cost ' || count_text(p.total_cost) || ', ', '')
             || coalesce('triggers ' || duration(p.trigger_us) || ', ', '') || coalesce('compiling ' || duration(p.compile_us) || ', ', '')
             || coalesce('writing the result out ' || duration(p.serialize_us) || ', ', ''), ', ') AS cost,
       CASE WHEN p.is_cut THEN '  the text of the plan ends too early: sums and shares are of what there is'
            WHEN p.inconsistent_us > 0.05 * p.total_us THEN '  children took ' || duration(p.inconsistent_us)
                 || ' longer than a parent: its numbers contradict each other, the children''s are believed'
        END AS trouble
  FROM plan p JOIN snapshot s ON s.snapshot = p.snapshot
