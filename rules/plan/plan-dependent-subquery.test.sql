-- raises: Select_#2_#2 info
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, estimated_rows) VALUES ('t', 1, 1, 'scan', 'ALL', 't', 10000, 100);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relationship, detail) VALUES ('Select_#2_#2', 1, 2, 1, 'derived scan', 'Subquery', 'subplan', '{"dependent": "true"}');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_examined) VALUES ('u', 1, 3, 2, 'scan', 'ALL', 'u', 5000);
-- quiet: each run looks up one row
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, estimated_rows) VALUES ('t', 1, 1, 'scan', 'ALL', 't', 10000, 100);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relationship, detail) VALUES ('Select_#2_#2', 1, 2, 1, 'derived scan', 'Subquery', 'subplan', '{"dependent": "true"}');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_examined) VALUES ('u', 1, 3, 2, 'index scan', 'eq_ref', 'u', 1);
-- quiet: it runs once
INSERT INTO plan_node (object, plan, node, class, operation, relation, estimated_examined, estimated_rows) VALUES ('t', 1, 1, 'scan', 'ALL', 't', 10000, 100);
INSERT INTO plan_node (object, plan, node, parent, class, operation, relationship, detail) VALUES ('Select_#2_#2', 1, 2, 1, 'derived scan', 'Subquery', 'subplan', '{"cacheable": "true"}');
INSERT INTO plan_node (object, plan, node, parent, class, operation, relation, estimated_examined) VALUES ('u', 1, 3, 2, 'scan', 'ALL', 'u', 5000);
