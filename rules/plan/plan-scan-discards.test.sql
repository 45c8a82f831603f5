-- raises: Seq_Scan_on_orders_#2 warning
INSERT INTO plan_node (object, node, class, schema, relation, loops, actual_rows, removed_filter, filter, filter_columns, self_us, self_share)
VALUES ('Seq_Scan_on_orders_#2', 2, 'scan', 'public', 'orders', 1, 100, 999900, '(status = ?)', '[{"column": "status", "usage": "equal", "is_expression": 0}]', 500000, 0.9);
-- raises: Seq_Scan_on_orders_#2 info
INSERT INTO plan_node (object, node, class, schema, relation, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Seq_Scan_on_orders_#2', 2, 'scan', 'public', 'orders', 1, 100, 99900, '(lower(name) = ?)', 5000, 0.9);
-- quiet: most of what it reads is wanted
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Seq_Scan_on_orders_#2', 2, 'scan', 'orders', 1, 90000, 99900, '(status = ?)', 500000, 0.9);
-- quiet: a small table
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Seq_Scan_on_colours_#2', 2, 'scan', 'colours', 1, 1, 99, '(id = ?)', 500, 0.9);
-- quiet: it takes next to no time of the plan
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Seq_Scan_on_orders_#9', 9, 'scan', 'orders', 1, 100, 99900, '(status = ?)', 5000, 0.02);
-- quiet: the plan was not executed
INSERT INTO plan_node (object, node, class, relation, estimated_rows, filter, self_share) VALUES ('Seq_Scan_on_orders_#2', 2, 'scan', 'orders', 10, '(status = ?)', 0.9);
-- raises: Table_scan_on_orders_#2 warning
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, removed_filter, filter, filter_columns, self_us, self_share)
VALUES ('Table_scan_on_orders_#2', 2, 'scan', 'orders', 1, 100, 999900, '(status = ?)', '[{"column": "status", "usage": "equal", "is_expression": 0}]', 500000, 0.9);
