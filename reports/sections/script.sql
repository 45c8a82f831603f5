-- id: scripts
-- title: Script for an administrator of the server
-- for: doctor
-- kind: record
-- order: 90
-- column: target text data
-- column: script sql
-- What an administrator of the server reads and runs so that dbperf sees everything.
SELECT :target AS target, script FROM doctor_script WHERE target = :target AND script <> ''
