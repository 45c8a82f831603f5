-- raises: Aggregate_#2 warning
INSERT INTO plan_node (object, node, parent, class, relationship, loops, total_us, elapsed_us) VALUES
 ('Seq_Scan_on_a_#1', 1, NULL, 'scan', NULL, 1, 1000000, 1000000), ('Aggregate_#2', 2, 1, 'aggregate', 'subplan', 50000, 900000, 900000);
-- raises: Aggregate_#2 info
INSERT INTO plan_node (object, node, parent, class, relationship, loops, total_us, elapsed_us) VALUES
 ('Seq_Scan_on_a_#1', 1, NULL, 'scan', NULL, 1, 1000000, 1000000), ('Aggregate_#2', 2, 1, 'aggregate', 'subplan', 50000, 300000, 300000);
-- quiet: it runs once
INSERT INTO plan_node (object, node, parent, class, relationship, loops, total_us, elapsed_us) VALUES
 ('Seq_Scan_on_a_#1', 1, NULL, 'scan', NULL, 1, 1000000, 1000000), ('Aggregate_#2', 2, 1, 'aggregate', 'initplan', 1, 900000, 900000);
-- quiet: cheap
INSERT INTO plan_node (object, node, parent, class, relationship, loops, total_us, elapsed_us) VALUES
 ('Seq_Scan_on_a_#1', 1, NULL, 'scan', NULL, 1, 1000000, 1000000), ('Aggregate_#2', 2, 1, 'aggregate', 'subplan', 50000, 110000, 110000);
