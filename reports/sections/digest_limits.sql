-- id: limits
-- title: -
-- for: digest
-- scope: run
-- kind: table
-- order: 15
-- column: limit text
-- What was too much to be told apart.
SELECT DISTINCT reason AS "limit" FROM probe_run WHERE probe = 'log' AND fact = 'statement' AND reason LIKE 'more than %'
