-- raises: plan warning
INSERT INTO plan (plan, compile_us, execution_us, total_us, total_cost) VALUES (1, 600000, 900000, 890000, 200000);
-- quiet: a small part
INSERT INTO plan (plan, compile_us, execution_us, total_us, total_cost) VALUES (1, 60000, 900000, 890000, 200000);
-- quiet: short
INSERT INTO plan (plan, compile_us, execution_us, total_us, total_cost) VALUES (1, 2400, 2600, 2600, 200000);
