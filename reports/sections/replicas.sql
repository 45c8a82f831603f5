-- id: replicas
-- title: Replication
-- for: now
-- kind: table
-- order: 56
-- column: target text data
-- column: peer text
-- column: direction text
-- column: state text
-- column: sync text
-- column: lag duration
-- column: behind bytes
-- column: method text data
-- Links to and from other servers, the farthest behind first.
SELECT :target AS target, peer, direction, state || iif(is_paused, ', replay paused', '') AS state, sync_state AS sync, lag_us AS lag, lag_bytes AS behind, lag_method AS method
  FROM replica WHERE look = (SELECT max(look) FROM replica) ORDER BY lag_us DESC, lag_bytes DESC, peer
