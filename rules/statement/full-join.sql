-- id: full-join
-- title: Joins without an index
-- category: indexes
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: calls_share = 50%
-- param: min_examined = 10000
-- source: MySQL manual, Select_full_join: "if this value is not 0, you should carefully check the indexes of your tables"; joins of tiny tables are none of that
-- For each row of one table another table is read whole, because no index fits the join. The work is the product of both
-- tables: it grows with the square of the data.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load, 'warning', 'info') AS severity,
       count_text(full_joins) || ' of ' || count_text(calls) || ' calls joined without an index and read ' || count_text(1.0 * rows_examined / calls)
         || ' rows each, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('full_joins', full_joins, 'rows_examined', rows_examined, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- index the columns by which the tables are joined, with the same type and collation on both sides' AS fix,
       share AS impact
  FROM statement_class
 WHERE full_joins >= :calls_share * calls AND rows_examined >= :min_examined * calls AND share >= :min_share;
