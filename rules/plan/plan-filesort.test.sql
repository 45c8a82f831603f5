-- raises: Sort_#1 info
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO plan_node (object, plan, node, class, operation) VALUES ('Sort_#1', 1, 1, 'sort', 'Sort');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100000);
-- raises: Sort_#1 warning
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO plan_node (object, plan, node, class, operation, loops, self_us, self_share) VALUES ('Sort_#1', 1, 1, 'sort', 'Sort', 1, 300000, 0.6);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, actual_rows, loops) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100000, 1);
-- quiet: few rows
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO plan_node (object, plan, node, class, operation) VALUES ('Sort_#1', 1, 1, 'sort', 'Sort');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 100);
-- quiet: executed, and cheap
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO plan_node (object, plan, node, class, operation, loops, self_us, self_share) VALUES ('Sort_#1', 1, 1, 'sort', 'Sort', 1, 3000, 0.6);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, actual_rows, loops) VALUES ('Table_scan_on_t_#2', 1, 2, 1, 'scan', 'ALL', 't', 20000, 1);
-- quiet: another engine, whose spills are told
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO plan_node (object, plan, node, class, operation) VALUES ('Sort_#1', 1, 1, 'sort', 'Sort');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_rows) VALUES ('Seq_Scan_on_t_#2', 1, 2, 1, 'scan', 'Seq Scan', 't', 100000);
