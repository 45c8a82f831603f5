-- probe: setting
-- fact: setting
-- scope: server
-- depth: quick
-- Every parameter but those that can hold a secret, a path or a command.
SELECT name,
       setting AS value,
       unit,
       boot_val AS default_value,
       source,
       CASE context WHEN 'internal' THEN 'fixed' WHEN 'postmaster' THEN 'restart' WHEN 'sighup' THEN 'reload' ELSE 'session' END AS scope,
       pending_restart
  FROM pg_catalog.pg_settings
 WHERE name NOT LIKE '%command' AND name NOT LIKE '%conninfo%' AND name NOT LIKE '%passphrase%' AND name NOT LIKE '%password%'
   AND name NOT LIKE '%\_file' AND name NOT LIKE 'krb%' AND name NOT LIKE 'ldap%' AND name NOT LIKE 'ssl\_%'
   AND name !~ '^[a-z0-9_]+[.]' OR name LIKE 'pg\_stat\_statements.%' OR name LIKE 'auto\_explain.%'
