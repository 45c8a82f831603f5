-- probe: statement_text
-- fact: statement_text
-- order: 31
-- needs: extension statements
-- once: statement.native_id
-- memory: 64MB
-- hidden: {n} texts belong to other roles | GRANT stats TO {user}
-- Texts of the statements whose ids are new.
REPLAY statement_text
