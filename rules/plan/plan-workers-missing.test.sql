-- raises: Gather_#1 warning
INSERT INTO plan_node (object, node, class, loops, workers_planned, workers_launched, elapsed_us) VALUES ('Gather_#1', 1, 'gather', 1, 4, 0, 900000);
-- raises: Gather_#1 info
INSERT INTO plan_node (object, node, class, loops, workers_planned, workers_launched, elapsed_us) VALUES ('Gather_#1', 1, 'gather', 1, 4, 3, 900000);
-- quiet: all came
INSERT INTO plan_node (object, node, class, loops, workers_planned, workers_launched, elapsed_us) VALUES ('Gather_#1', 1, 'gather', 1, 4, 4, 900000);
-- quiet: over at once
INSERT INTO plan_node (object, node, class, loops, workers_planned, workers_launched, elapsed_us) VALUES ('Gather_#1', 1, 'gather', 1, 4, 0, 9000);
-- quiet: not executed
INSERT INTO plan_node (object, node, class, workers_planned) VALUES ('Gather_#1', 1, 'gather', 4);
