-- raises: Nested_loop_join_#1 info
INSERT INTO plan_node (object, plan, node, class, operation, strategy, detail) VALUES ('Nested_loop_join_#1', 1, 1, 'nested loop', 'Nested loop', 'join buffer', '{"join_buffer": "Block Nested Loop"}');
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_rows) VALUES ('a', 1, 2, 1, 'scan', 'outer', 'a', 10000);
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_examined, estimated_rows) VALUES ('b', 1, 3, 1, 'scan', 'inner', 'b', 10000, 1000);
-- raises: Hash_join_#1 warning
INSERT INTO plan_node (object, plan, node, class, operation, detail) VALUES ('Hash_join_#1', 1, 1, 'hash join', 'Hash join', '{"no_condition": "true"}');
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_rows) VALUES ('a', 1, 2, 1, 'scan', 'outer', 'a', 100000);
INSERT INTO plan_node (object, plan, node, parent, class, relationship, estimated_rows) VALUES ('b', 1, 3, 1, 'hash', 'inner', 100000);
-- quiet: few pairs
INSERT INTO plan_node (object, plan, node, class, operation, strategy) VALUES ('Nested_loop_join_#1', 1, 1, 'nested loop', 'Nested loop', 'join buffer');
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_rows) VALUES ('a', 1, 2, 1, 'scan', 'outer', 'a', 100);
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_examined) VALUES ('b', 1, 3, 1, 'scan', 'inner', 'b', 1000);
-- quiet: a hash join by a condition
INSERT INTO plan_node (object, plan, node, class, operation, strategy) VALUES ('Hash_join_#1', 1, 1, 'hash join', 'Hash join', 'join buffer');
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_rows) VALUES ('a', 1, 2, 1, 'scan', 'outer', 'a', 100000);
INSERT INTO plan_node (object, plan, node, parent, class, relationship, relation, estimated_examined) VALUES ('b', 1, 3, 1, 'scan', 'inner', 'b', 100000);
