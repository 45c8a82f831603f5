-- raises: Index_Only_Scan_on_a_#2 warning
INSERT INTO plan_node (object, node, class, schema, relation, loops, heap_fetches, actual_rows, self_us, self_share) VALUES ('Index_Only_Scan_on_a_#2', 2, 'index only scan', 'public', 'a', 1, 50000, 60000, 300000, 0.9);
-- raises: Index_Only_Scan_on_a_#2 info
INSERT INTO plan_node (object, node, class, schema, relation, loops, heap_fetches, actual_rows, self_us, self_share) VALUES ('Index_Only_Scan_on_a_#2', 2, 'index only scan', 'public', 'a', 1, 5000, 6000, 3000, 0.9);
-- quiet: vacuumed
INSERT INTO plan_node (object, node, class, relation, loops, heap_fetches, actual_rows, self_us, self_share) VALUES ('Index_Only_Scan_on_a_#2', 2, 'index only scan', 'a', 1, 0, 60000, 300000, 0.9);
-- quiet: one in a hundred
INSERT INTO plan_node (object, node, class, relation, loops, heap_fetches, actual_rows, self_us, self_share) VALUES ('Index_Only_Scan_on_a_#2', 2, 'index only scan', 'a', 1, 1100, 110000, 300000, 0.9);
