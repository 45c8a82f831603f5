-- probe: statement
-- fact: statement
-- order: 30
-- needs: extension statements >= 1.2 | CREATE EXTENSION statements; GRANT stats TO {user}
-- Cumulative numbers of statements, by the server's own ids.
REPLAY statement
