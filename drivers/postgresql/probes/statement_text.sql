-- probe: statement_text
-- fact: statement_text
-- scope: server
-- depth: quick
-- order: 11
-- needs: extension pg_stat_statements | shared_preload_libraries = 'pg_stat_statements' (a restart), then in {database}: CREATE EXTENSION pg_stat_statements;
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- once: statement.native_id
-- timeout: 10s
-- memory: 64MB
-- Texts, when statements came that nobody knows yet: the server reads its whole file of texts for that.
SELECT DISTINCT ON (s.queryid) s.queryid AS native_id, s.query AS text
  FROM {statements}.pg_stat_statements(true) s
 WHERE s.queryid IS NOT NULL AND s.query <> '<insufficient privilege>'
 ORDER BY s.queryid
