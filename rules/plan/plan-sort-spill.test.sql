-- raises: Sort_#2 warning
INSERT INTO plan_node (object, node, class, loops, disk_bytes, method, self_us, self_share) VALUES ('Sort_#2', 2, 'sort', 1, 200000000, 'external merge', 900000, 0.1);
-- raises: Sort_#2 info
INSERT INTO plan_node (object, node, class, loops, disk_bytes, method, self_us, self_share) VALUES ('Sort_#2', 2, 'sort', 1, 2000000, 'external merge', 50000, 0.5);
-- quiet: in memory
INSERT INTO plan_node (object, node, class, loops, memory_bytes, method, self_us, self_share) VALUES ('Sort_#2', 2, 'sort', 1, 200000000, 'quicksort', 900000, 0.9);
-- quiet: next to nothing
INSERT INTO plan_node (object, node, class, loops, disk_bytes, method, self_us, self_share) VALUES ('Sort_#2', 2, 'sort', 1, 200000, 'external merge', 5000, 0.9);
