-- raises: plan warning
INSERT INTO plan (plan, trigger_us, execution_us, triggers) VALUES (1, 600000, 900000, '[{"name": "orders_customer_fkey", "relation": "orders", "calls": 1000, "total_us": 600000}]');
-- quiet: a small part
INSERT INTO plan (plan, trigger_us, execution_us, triggers) VALUES (1, 60000, 900000, '[{"name": "t", "relation": "", "calls": 1000, "total_us": 60000}]');
-- quiet: short
INSERT INTO plan (plan, trigger_us, execution_us, triggers) VALUES (1, 900, 1500, '[{"name": "t", "relation": "", "calls": 10, "total_us": 900}]');
