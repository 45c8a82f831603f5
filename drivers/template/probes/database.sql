-- probe: database
-- fact: database
-- order: 10
-- Databases of the server, with their sizes.
REPLAY database
