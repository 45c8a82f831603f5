-- probe: session
-- fact: session
-- order: 40
-- samples: 3 in 30ms
-- What the sessions do, three times.
REPLAY session
