-- raises: Index_Scan_on_orders_#2 warning
INSERT INTO plan_node (object, node, class, relation, index_name, loops, actual_rows, removed_filter, filter, filter_columns, self_us, self_share)
VALUES ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 'orders_customer', 1, 100, 99900, '(status = ?)', '[{"column": "status", "usage": "equal", "is_expression": 0}]', 500000, 0.9);
-- raises: Index_Scan_on_orders_#2 info
INSERT INTO plan_node (object, node, class, relation, index_name, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 'orders_customer', 1, 100, 99900, '(lower(a) = ?)', 500000, 0.15);
-- quiet: half of what it finds is wanted
INSERT INTO plan_node (object, node, class, relation, index_name, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 'orders_customer', 1, 99900, 99900, '(status = ?)', 500000, 0.9);
-- quiet: few rows
INSERT INTO plan_node (object, node, class, relation, index_name, loops, actual_rows, removed_filter, filter, self_us, self_share)
VALUES ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 'orders_customer', 1, 1, 999, '(status = ?)', 500000, 0.9);
-- quiet: no filter
INSERT INTO plan_node (object, node, class, relation, index_name, loops, actual_rows, self_us, self_share)
VALUES ('Index_Scan_on_orders_#2', 2, 'index scan', 'orders', 'orders_customer', 1, 99900, 500000, 0.9);
