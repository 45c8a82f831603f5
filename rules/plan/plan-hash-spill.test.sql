-- raises: Hash_#3 warning
INSERT INTO plan_node (object, node, parent, class, loops, batches, memory_bytes, self_us, self_share, self_temp) VALUES
 ('Hash_Join_#1', 1, NULL, 'hash join', 1, NULL, NULL, 800000, 0.5, 5000), ('Hash_#3', 3, 1, 'hash', 1, 16, 4000000, 100000, 0.1, 2000);
-- raises: Hash_#3 info
INSERT INTO plan_node (object, node, parent, class, loops, batches, memory_bytes, self_us, self_share, self_temp) VALUES
 ('Hash_Join_#1', 1, NULL, 'hash join', 1, NULL, NULL, 8000, 0.5, 50), ('Hash_#3', 3, 1, 'hash', 1, 2, 4000000, 1000, 0.1, 20);
-- quiet: one part
INSERT INTO plan_node (object, node, parent, class, loops, batches, memory_bytes, self_us, self_share) VALUES ('Hash_#3', 3, 1, 'hash', 1, 1, 4000000, 100000, 0.1);
