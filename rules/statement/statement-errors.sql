-- id: statement-errors
-- title: A statement fails often
-- category: errors
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_errors = 20
-- param: error_share = 5%
-- source: one call in twenty, and twenty of them: somebody sees errors; unique violations that are caught on purpose come here too, so look first
-- A noticeable part of the executions of this statement end in an error. Each cost the work up to there, and the transaction
-- that it was part of. Time-outs and deadlocks here are performance; violated constraints are the application's.
SELECT hex16(fingerprint) AS object,
       'warning' AS severity,
       count_text(errors) || ' of ' || count_text(calls) || ' calls failed (' || percent(min(1.0 * errors / calls, 1.0)) || ')' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('errors', errors, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- the log has the message of each; dbperf digest lists errors by SQLSTATE' AS fix,
       share AS impact
  FROM statement_class
 WHERE errors >= :min_errors AND errors >= :error_share * calls;
