-- probe: relation
-- fact: relation
-- scope: database
-- depth: full
-- order: 60
-- Tables of each database.
REPLAY relation
