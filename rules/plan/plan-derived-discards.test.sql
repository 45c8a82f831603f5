-- raises: Table_scan_on_derived2_#1 info
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, filtered_share, filter) VALUES ('Table_scan_on_derived2_#1', 1, 1, 'derived scan', 'ALL', '<derived2>', 50000, 0.01, '(a = ?)');
INSERT INTO plan_node (object, plan, node, parent, class, operation) VALUES ('Materialize_#2', 1, 2, 1, 'materialize', 'Materialize');
-- quiet: all are wanted
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, filtered_share) VALUES ('Table_scan_on_derived2_#1', 1, 1, 'derived scan', 'ALL', '<derived2>', 50000, 1);
INSERT INTO plan_node (object, plan, node, parent, class, operation) VALUES ('Materialize_#2', 1, 2, 1, 'materialize', 'Materialize');
-- quiet: it is small
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, filtered_share, filter) VALUES ('Table_scan_on_derived2_#1', 1, 1, 'derived scan', 'ALL', '<derived2>', 50, 0.01, '(a = ?)');
INSERT INTO plan_node (object, plan, node, parent, class, operation) VALUES ('Materialize_#2', 1, 2, 1, 'materialize', 'Materialize');
