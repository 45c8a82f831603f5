-- id: pending-restart
-- title: A changed setting waits for a restart
-- category: settings
-- nature: state
-- window: now
-- reads: setting
-- source: pgbadger and pt tools do not see it; nothing is slow by it, so it is information: the surprise comes at the next restart
-- The configuration says something else than what is in effect. Who changed it may believe that it works already, and whoever
-- restarts the server next, at an hour of need, gets it unasked.
SELECT 'configuration' AS object,
       'info' AS severity,
       group_concat(name, ', ') || iif(count(*) = 1, ' was', ' were') || ' changed and wait' || iif(count(*) = 1, 's', '') || ' for a restart' AS summary,
       json_object('settings', json_group_array(json_object('name', name, 'in_effect', value || coalesce(' ' || unit, '')))) AS evidence,
       '-- what the files say; restart in a quiet hour, or take the change back' || char(10)
         || 'SELECT name, setting, applied, error, sourcefile, sourceline FROM pg_file_settings WHERE name IN ('
         || group_concat('''' || replace(name, '''', '''''') || '''', ', ') || ');' AS fix
  FROM (SELECT * FROM setting WHERE pending_restart = 1 ORDER BY name)
HAVING count(*) > 0;
