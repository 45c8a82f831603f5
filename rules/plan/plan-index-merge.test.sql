-- raises: Index_merge_on_t_#1 info
INSERT INTO plan_node (object, node, class, operation, relation, index_name, strategy, estimated_examined) VALUES ('Index_merge_on_t_#1', 1, 'bitmap scan', 'index_merge', 't', 'k1,k2', 'intersect', 5000);
-- quiet: few rows
INSERT INTO plan_node (object, node, class, operation, relation, index_name, strategy, estimated_examined) VALUES ('Index_merge_on_t_#1', 1, 'bitmap scan', 'index_merge', 't', 'k1,k2', 'union', 50);
