-- raises: Table_scan_on_t_#1 info
INSERT INTO plan_node (object, node, class, operation, relation, estimated_examined, estimated_rows, filtered_share, filter) VALUES ('Table_scan_on_t_#1', 1, 'scan', 'ALL', 't', 100000, 1000, 0.01, '(a = ?)');
-- raises: Table_scan_on_t_#2 warning
INSERT INTO plan_node (object, plan, node, class, filter, estimated_rows, actual_rows, loops, self_us, self_share) VALUES ('Filter_#1', 1, 1, 'filter', '(a = ?)', 1000, 10, 1, 20000, 0.2);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows, actual_rows, loops, self_us, self_share) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100000, 100000, 1, 70000, 0.7);
-- quiet: nothing is compared, all rows are wanted
INSERT INTO plan_node (object, node, class, operation, relation, estimated_examined, estimated_rows, filtered_share) VALUES ('Table_scan_on_t_#1', 1, 'scan', 'ALL', 't', 100000, 100000, 1);
-- quiet: a small table
INSERT INTO plan_node (object, node, class, operation, relation, estimated_examined, estimated_rows, filtered_share, filter) VALUES ('Table_scan_on_t_#1', 1, 'scan', 'ALL', 't', 100, 1, 0.01, '(a = ?)');
-- quiet: most rows are wanted
INSERT INTO plan_node (object, node, class, operation, relation, estimated_examined, estimated_rows, filtered_share, filter) VALUES ('Table_scan_on_t_#1', 1, 'scan', 'ALL', 't', 100000, 50000, 0.5, '(a = ?)');
-- quiet: counted, so another rule says it
INSERT INTO plan_node (object, node, class, operation, relation, estimated_examined, filtered_share, filter, loops, removed_filter) VALUES ('Table_scan_on_t_#1', 1, 'scan', 'ALL', 't', 100000, 0.01, '(a = ?)', 1, 99000);
