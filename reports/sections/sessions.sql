-- id: sessions
-- title: Sessions
-- for: now
-- kind: table
-- order: 50
-- column: target text data
-- column: state text
-- column: who text text
-- column: user text data
-- column: application text data
-- column: sessions count
-- column: waiting count
-- column: transaction duration text
-- column: in_state duration text
-- column: longest_transaction duration data
-- column: longest_in_state duration data
-- Clients in the last sample, by what they do and who they are; dbperf itself left out.
WITH last AS (
  SELECT * FROM session
   WHERE coalesce(kind, 'client') = 'client' AND coalesce(is_own, 0) = 0
     AND (look, sample) = (SELECT look, max(sample) FROM session WHERE look = (SELECT max(look) FROM session))
)
SELECT :target AS target, state, coalesce(user, '') || coalesce(nullif('/' || application, '/'), '') AS who, user, application,
       count(*) AS sessions, sum(state = 'active' AND wait IS NOT NULL) AS waiting,
       max(transaction_us) AS "transaction", max(state_us) AS in_state, max(transaction_us) AS longest_transaction, max(state_us) AS longest_in_state
  FROM last
 GROUP BY state, user, application
 ORDER BY CASE WHEN state = 'active' THEN 1 WHEN state LIKE 'idle in transaction%' THEN 2 ELSE 3 END, count(*) DESC, user, application
 LIMIT 15
