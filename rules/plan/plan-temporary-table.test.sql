-- raises: Temporary_table_#1 info
INSERT INTO plan_node (object, plan, node, class, operation) VALUES ('Temporary_table_#1', 1, 1, 'materialize', 'Temporary table');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100000);
-- raises: Aggregate_#1 warning
INSERT INTO plan_node (object, plan, node, class, operation, strategy, loops, self_us, self_share) VALUES ('Aggregate_#1', 1, 1, 'aggregate', 'Aggregate', 'temporary table', 1, 300000, 0.6);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, actual_rows, loops) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100000, 1);
-- quiet: few rows
INSERT INTO plan_node (object, plan, node, class, operation) VALUES ('Temporary_table_#1', 1, 1, 'materialize', 'Temporary table');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100);
-- quiet: groups come in order
INSERT INTO plan_node (object, plan, node, class, operation, strategy) VALUES ('Aggregate_#1', 1, 1, 'aggregate', 'Aggregate', 'grouped');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Index_scan_on_t_#2', 1, 2, 1, 'index full scan', 'index', 't', 100000);
