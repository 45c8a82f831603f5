-- raises: Bitmap_#2 warning
INSERT INTO plan_node (object, node, class, relation, loops, lossy_blocks, exact_blocks, removed_recheck, self_us, self_share) VALUES ('Bitmap_#2', 2, 'bitmap scan', 'a', 1, 79844, 38322, 14687029, 1700000, 0.9);
-- raises: Bitmap_#2 info
INSERT INTO plan_node (object, node, class, relation, loops, lossy_blocks, exact_blocks, self_us, self_share) VALUES ('Bitmap_#2', 2, 'bitmap scan', 'a', 1, 1500, 38322, 17000, 0.9);
-- quiet: exact
INSERT INTO plan_node (object, node, class, relation, loops, exact_blocks, self_us, self_share) VALUES ('Bitmap_#2', 2, 'bitmap scan', 'a', 1, 38322, 1700000, 0.9);
-- quiet: a few blocks
INSERT INTO plan_node (object, node, class, relation, loops, lossy_blocks, exact_blocks, self_us, self_share) VALUES ('Bitmap_#2', 2, 'bitmap scan', 'a', 1, 20, 38322, 1700000, 0.9);
