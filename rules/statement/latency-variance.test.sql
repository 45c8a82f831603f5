-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, max_us, latency) VALUES (255, 'shop', 1000, 9960000, 400000, x'0180e88dc49f5d00800301d4078b020114');
-- quiet: the slow ones are not much slower
INSERT INTO statement (fingerprint, database, calls, total_us, latency) VALUES (255, 'shop', 1000, 5499500, x'019c87b8fd7000af030a5d66686a6c6f70737520');
-- quiet: no distribution is known
INSERT INTO statement (fingerprint, database, calls, total_us, square_us) VALUES (255, 'shop', 1000, 5000000, 9e12);
-- quiet: all take the same
INSERT INTO statement (fingerprint, database, calls, total_us, latency) VALUES (255, 'shop', 3, 5000000, NULL);
