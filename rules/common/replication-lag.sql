-- id: replication-lag
-- title: Replica is behind its primary
-- category: replication
-- nature: moment
-- window: now
-- reads: replica
-- param: warn = 30s
-- param: critical = 300s
-- source: netdata's 10/30 s warn on every jitter; 30 s sustained is where read-your-writes users notice, 5 minutes are missed after a failover
-- Reads on the replica show old data, and after a failover what was not replayed is late or lost. Raised when the
-- replica was behind in every look, with a configured delay taken off. An idle primary makes nobody late.
WITH link AS (
  SELECT peer, direction, max(kind) AS kind, max(state) AS state, max(sync_state) AS sync_state,
         min(lag_us - coalesce(delay_us, 0)) AS late_us, max(lag_us) AS lag_us, max(delay_us) AS delay_us,
         max(lag_bytes) AS lag_bytes, max(receive_bytes) AS receive_bytes, max(lag_method) AS lag_method,
         max(is_paused) AS is_paused, max(error) AS error, min(state = 'down') AS is_down,
         count(lag_us) = count(*) AND count(DISTINCT look) = (SELECT count(DISTINCT look) FROM replica) AS is_known
    FROM replica
   WHERE coalesce(state, '') <> 'backup'
   GROUP BY peer, direction
)
SELECT peer AS object,
       CASE WHEN late_us >= :critical AND is_known AND NOT coalesce(is_down, 0) THEN 'critical' ELSE 'warning' END AS severity,
       CASE WHEN is_down THEN peer || ' is not connected'
            ELSE iif(direction = 'receives', 'this replica', peer) || ' is ' || duration(late_us) || ' behind'
                 || iif(delay_us > 0, ' its configured delay of ' || duration(delay_us), '')
                 || coalesce(', ' || bytes(lag_bytes) || ' to replay', '') || iif(is_paused, ', replay is paused', '')
            END || coalesce(': ' || error, '') AS summary,
       json_object('late_us', late_us, 'lag_us', lag_us, 'delay_us', delay_us, 'lag_bytes', lag_bytes,
                   'receive_bytes', receive_bytes, 'method', lag_method, 'state', state, 'sync_state', sync_state,
                   'is_paused', is_paused, 'direction', direction, 'kind', kind) AS evidence,
       CASE WHEN is_down THEN '-- see the replica''s log: is it up, does it reach the primary, is the log that it needs still there?'
            WHEN is_paused AND (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
              '-- on the replica; undo: SELECT pg_wal_replay_pause();' || char(10) || 'SELECT pg_wal_replay_resume();'
            WHEN is_paused THEN '-- on the replica: resume replay'
            WHEN 2 * receive_bytes > lag_bytes THEN
              '-- most of it has not reached the replica: look at the network and at the replica''s receiver'
            ELSE '-- it has arrived and waits for replay: on the replica look for long queries that hold replay up,'
                 || ' for slow disks, and for bulk writes on the primary' END AS fix
  FROM link
 WHERE is_down OR (is_known AND late_us >= :warn);
