-- raises: Seq_Scan_on_orders_#2 warning
INSERT INTO plan_node (object, node, parent, class, schema, relation, loops, actual_rows, estimated_rows, may_stop, is_hot, self_share) VALUES
 ('Nested_Loop_#1', 1, NULL, 'nested loop', NULL, NULL, 1, 500000, 10, 0, 1, 0.5),
 ('Seq_Scan_on_orders_#2', 2, 1, 'scan', 'public', 'orders', 1, 100000, 10, 0, 1, 0.5);
-- raises: Seq_Scan_on_orders_#1 info
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, estimated_rows, may_stop, is_hot, self_share) VALUES
 ('Seq_Scan_on_orders_#1', 1, 'scan', 'orders', 1, 50, 5000, 0, 0, 0.5);
-- quiet: the rows of a limit
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, estimated_rows, may_stop, is_hot, self_share) VALUES
 ('Seq_Scan_on_orders_#2', 2, 'scan', 'orders', 1, 10, 100000, 1, 1, 0.5);
-- quiet: few rows
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, estimated_rows, may_stop, is_hot, self_share) VALUES
 ('Seq_Scan_on_orders_#2', 2, 'scan', 'orders', 1, 1, 100, 0, 1, 0.5);
-- quiet: averages of many loops are rounded to 0
INSERT INTO plan_node (object, node, class, relation, loops, actual_rows, rows_error, estimated_rows, may_stop, is_hot, self_share) VALUES
 ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 10000, 0, 5000, 1, 0, 1, 0.5);
-- quiet: not executed
INSERT INTO plan_node (object, node, class, relation, estimated_rows, may_stop, is_hot, self_share) VALUES ('Seq_Scan_on_orders_#2', 2, 'scan', 'orders', 100, 0, 1, 0.5);
