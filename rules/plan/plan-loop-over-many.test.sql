-- raises: Nested_Loop_#1 warning
INSERT INTO plan_node (object, node, parent, class, label, relation, relationship, loops, actual_rows, estimated_rows, total_us, elapsed_us) VALUES
 ('Nested_Loop_#1', 1, NULL, 'nested loop', 'Nested Loop', NULL, NULL, 1, 100000, 10, 1000000, 1000000),
 ('Seq_Scan_on_a_#2', 2, 1, 'scan', 'Seq Scan', 'a', 'outer', 1, 100000, 10, 50000, 50000),
 ('Index_Scan_on_b_#3', 3, 1, 'index scan', 'Index Scan', 'b', 'inner', 100000, 100000, 1, 900000, 900000);
-- quiet: a few loops
INSERT INTO plan_node (object, node, parent, class, label, relation, relationship, loops, actual_rows, estimated_rows, total_us, elapsed_us) VALUES
 ('Nested_Loop_#1', 1, NULL, 'nested loop', 'Nested Loop', NULL, NULL, 1, 100, 10, 1000000, 1000000),
 ('Index_Scan_on_b_#3', 3, 1, 'index scan', 'Index Scan', 'b', 'inner', 100, 100, 1, 900000, 900000);
-- quiet: many, but cheap
INSERT INTO plan_node (object, node, parent, class, label, relation, relationship, loops, actual_rows, estimated_rows, total_us, elapsed_us) VALUES
 ('Nested_Loop_#1', 1, NULL, 'nested loop', 'Nested Loop', NULL, NULL, 1, 100000, 10, 2000000, 2000000),
 ('Index_Scan_on_b_#3', 3, 1, 'index scan', 'Index Scan', 'b', 'inner', 100000, 100000, 1, 150000, 150000);
