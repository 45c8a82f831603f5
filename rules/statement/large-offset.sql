-- id: large-offset
-- title: OFFSET skips rows that were read
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: mean = 20ms
-- source: use-the-index-luke, "no offset"; the reads of a page grow with its number
-- OFFSET reads and throws away all rows of the pages before. The first pages are fast, the hundredth is slow, and a crawler
-- that walks them all costs the square of the rows.
SELECT hex16(fingerprint) AS object,
       'info' AS severity,
       'pages by OFFSET, ' || duration(mean_us) || ' a call' || coalesce(', the longest ' || duration(max_us), '') || ', ' || percent(share)
         || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('max_us', max_us, 'rows_examined', rows_examined, 'rows_returned', rows_returned, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- remember the last row of the page before: WHERE (sort columns) > (its values) ORDER BY … LIMIT n, with an index in that order' AS fix,
       share AS impact
  FROM statement_class
 WHERE regexp('\boffset \?|\blimit \?, \?', text) AND mean_us >= :mean AND share >= :min_share;
