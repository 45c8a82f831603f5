-- raises: Index_lookup_on_t_#1 info
INSERT INTO plan_node (object, node, class, operation, relation, index_name, estimated_examined, filtered_share, filter) VALUES ('Index_lookup_on_t_#1', 1, 'index scan', 'ref', 't', 'k', 50000, 0.05, '(b = ?)');
-- quiet: few rows
INSERT INTO plan_node (object, node, class, operation, relation, index_name, estimated_examined, filtered_share) VALUES ('Index_lookup_on_t_#1', 1, 'index scan', 'ref', 't', 'k', 50, 0.05);
-- quiet: executed
INSERT INTO plan_node (object, node, class, operation, relation, index_name, estimated_examined, filtered_share, loops) VALUES ('Index_lookup_on_t_#1', 1, 'index scan', 'ref', 't', 'k', 50000, 0.05, 1);
