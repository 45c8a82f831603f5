-- A run as dbperf digest leaves it: a slow log and a server's log of one engine, and a file that nobody could read.
-- 2026-03-01 00:00:00 UTC is 1772323200000000.
INSERT INTO main.target_run (target, position, snapshot, engine, state) VALUES ('slow.log server.log', 1, 1001, 'mysql', 'looked');

INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us, source, engine) VALUES
  (1001, 0, 'slow.log server.log', 1772326800000000, 3600000000, 'log', 'mysql');

INSERT INTO main.log (snapshot, look, file, engine, format, detail, compression, state, reason, remedy, bytes, lines, events, total_us, skipped_lines,
                      first_at, last_at, zone, zone_source) VALUES
  (1001, 0, 'slow.log', 'mysql', 'slow', NULL, 'gzip', 'complete', NULL, NULL, 524288, 9000, 1204, 845000000, 3, 1772323200000000, 1772326800000000, NULL, NULL),
  (1001, 0, 'server.log', 'mysql', 'error', NULL, NULL, 'complete', NULL, NULL, 4096, 60, 0, 0, 0, 1772323260000000, 1772326000000000, 'CET', 'log'),
  (1001, 0, 'core.bin', NULL, NULL, NULL, NULL, 'failed', 'no log of a known format', '--log-format ENGINE/FORMAT says what it is', 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL);

INSERT INTO main.unread (snapshot, look, file, reason, count, lines, bytes, first_line, first_offset) VALUES
  (1001, 0, 'slow.log', 'unknown', 2, 3, 120, 4711, 250000);

INSERT INTO main.activity (snapshot, look, begin_at, length_us, events, total_us, errors, latency) VALUES
  (1001, 0, 1772323200000000, 60000000, 4, 45000000, 0, sketch_of(11250000, 4)),
  (1001, 0, 1772323260000000, 60000000, 200, 100000000, 1, sketch_of(500000, 200)),
  (1001, 0, 1772323500000000, 60000000, 600, 400000000, 0, sketch_of(666666, 600)),
  (1001, 0, 1772326740000000, 60000000, 400, 300000000, 1, sketch_of(750000, 400));

INSERT INTO main.statement (snapshot, look, fingerprint, database, user, client_host, calls, timed_calls, total_us, square_us, lock_us, rows_returned, rows_examined,
                            errors, min_us, max_us, first_at, last_at, latency) VALUES
  (1001, 0, 255, 'shop', 'web', '10.0.0.1', 600, 600, 540000000, 0, 1000000, 600, 6000000, 2, 90000, 9000000, 1772323200000000, 1772326800000000,
   sketch_merge(sketch_of(90000, 300), sketch_of(1710000, 300))),
  (1001, 0, 255, 'shop', 'web', '10.0.0.2', 200, 200, 100000000, 0, 0, 200, 200, 0, 500000, 500000, 1772323260000000, 1772326000000000, sketch_of(500000, 200)),
  (1001, 0, 255, 'shop', 'job', '10.0.0.3', 1, 1, 1000000, 0, 0, 0, 0, 0, 1000000, 1000000, 1772323260000000, 1772323260000000, sketch_of(1000000, 1)),
  (1001, 0, 255, 'shop', 'root', '10.0.0.4', 1, 1, 1000000, 0, 0, 0, 0, 0, 1000000, 1000000, 1772323260000000, 1772323260000000, sketch_of(1000000, 1)),
  (1001, 0, -2, 'shop', 'web', '10.0.0.1', 400, 400, 200000000, 0, 100000000, 0, 400, NULL, 500000, 500000, 1772323200000000, 1772326800000000, sketch_of(500000, 400)),
  (1001, 0, 4096, 'billing', NULL, NULL, 2, 2, 3000000, 0, NULL, NULL, NULL, NULL, 1500000, 1500000, 1772226800000000, 1772326800000000, sketch_of(1500000, 2));

INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text, verb) VALUES
  (1001, 0, 255, 255, 'select o.id, o.total, c.name, c.email from orders o join customers c on c.id = o.customer_id where o.state = ? and o.created_at > ? order by o.created_at desc limit ?', 'select'),
  (1001, 0, -2, -2, 'update stock set reserved = reserved + ? where product_id = ?', 'update');

INSERT INTO main.log_event (snapshot, look, class, code, severity, database, user, object, message, count, total_us, max_us, bytes, max_bytes, first_at, last_at) VALUES
  (1001, 0, 'connection', NULL, 'LOG', 'shop', 'web', NULL, 'connection authorized', 9000, NULL, NULL, NULL, NULL, 1772323200000000, 1772326800000000),
  (1001, 0, 'checkpoint', 'time', 'LOG', NULL, NULL, NULL, 'checkpoint complete', 12, 240000000, 30000000, NULL, NULL, 1772323200000000, 1772326500000000),
  (1001, 0, 'temp_file', NULL, 'LOG', 'shop', 'web', NULL, 'temporary file: path ?, size ?', 3, NULL, NULL, 3145728, 2097152, 1772323200000000, 1772326500000000),
  (1001, 0, 'deadlock', '40P01', 'ERROR', 'shop', 'web', 'stock', 'deadlock detected', 2, NULL, NULL, NULL, NULL, 1772323200000000, 1772326500000000),
  (1001, 0, 'constraint', '23505', 'ERROR', 'shop', 'web', 'orders_pkey', 'duplicate key value violates unique constraint', 40, NULL, NULL, NULL, NULL, 1772323200000000, 1772326500000000),
  (1001, 0, 'constraint', '23503', 'ERROR', 'shop', 'web', 'orders_customer_fkey', 'violates foreign key constraint', 4, NULL, NULL, NULL, NULL, 1772323200000000, 1772326500000000),
  (1001, 0, 'constraint', '23502', 'ERROR', 'shop', 'web', 'orders', 'null value in column', 1, NULL, NULL, NULL, NULL, 1772323200000000, 1772326500000000),
  (1001, 0, 'authentication', '28P01', 'FATAL', 'shop', 'guest', NULL, 'password authentication failed', 5, NULL, NULL, NULL, NULL, 1772323200000000, 1772326500000000);

INSERT INTO main.finding (id, snapshot, target, rule, category, nature, title, object, severity, summary, evidence, fix, impact, is_raised) VALUES
  (77, 1001, 'slow.log server.log', 'rows-examined', 'indexes', 'state', 'Statements read many rows to give few', '00000000000000ff', 'warning',
   '7,481 rows read a call for 1 given or changed, 76 % of all statements'' time: select o.id', '{"calls":802}', '-- EXPLAIN it (dbperf explain)', 0.76, 1);
