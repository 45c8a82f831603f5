-- probe: metric
-- fact: metric
-- order: 20
-- Named numbers: cumulative ones are asked twice.
REPLAY metric
