-- Life of a finding (DESIGN 6), for one snapshot that was judged. Steps parted by lines of "----"; those whose first
-- line is "-- always" run for a snapshot that is older than the target's newest look, too: they only read the store.
-- Parameters: :snapshot (its id in the run), :name (target), :at (taken_at), :now, :is_current.
-- A finding's look counts when its rule raised it, or was judged and completely looked for (rule_run.is_complete) and
-- could tell something about its object (it is not in finding_unjudged).

DELETE FROM stage.due;
----
-- A look that is judged again (a capture) counts for the rules only that did not judge it before.
INSERT INTO stage.due (rule)
SELECT r.rule FROM main.rule_run r
 WHERE r.snapshot = :snapshot
   AND NOT EXISTS (SELECT 1 FROM store.rule_seen s WHERE s.target = :name AND s.rule = r.rule AND s.last_at = :at);
----
-- Whether the rule is known to this target, before it is remembered below.
UPDATE main.finding AS f
   SET rule_is_new = (SELECT t.judged_at IS NOT NULL FROM store.target t WHERE t.name = :name)
                     AND NOT EXISTS (SELECT 1 FROM store.rule_seen r
                                      WHERE r.target = :name AND r.rule = f.rule
                                        AND coalesce(r.rule_hash = f.rule_hash, 1))
 WHERE f.snapshot = :snapshot AND f.is_raised = 1 AND f.rule IN (SELECT rule FROM stage.due);
----
INSERT INTO store.rule_seen (target, rule, rule_hash, first_at, last_at)
SELECT :name, r.rule,
       coalesce(r.rule_hash, (SELECT max(f.rule_hash) FROM main.finding f
                               WHERE f.snapshot = :snapshot AND f.rule = r.rule AND f.is_raised = 1)), :at, :at
  FROM main.rule_run r
 WHERE r.snapshot = :snapshot AND r.state = 'judged' AND r.rule IN (SELECT rule FROM stage.due)
    ON CONFLICT (target, rule) DO UPDATE SET rule_hash = coalesce(excluded.rule_hash, rule_hash), last_at = excluded.last_at;
----
DELETE FROM stage.life;
----
INSERT INTO stage.life (id, nature, severity, is_raised, is_counted, was_open, opened, seen, changes)
SELECT f.id, f.nature, f.severity, 1, 1, coalesce(k.is_open, 0), coalesce(k.opened, 0),
       ((coalesce(k.seen, 0) << 1) | 1) & 0xfffff, coalesce(k.changes, 0)
  FROM main.finding f LEFT JOIN store.finding k ON k.id = f.id
 WHERE f.snapshot = :snapshot AND f.is_raised = 1 AND f.rule IN (SELECT rule FROM stage.due);
----
INSERT INTO stage.life (id, nature, severity, is_raised, is_counted, was_open, opened, seen, changes)
SELECT k.id, k.nature, k.severity, 0, r.counts AND u.id IS NULL, k.is_open, k.opened,
       CASE WHEN r.counts AND u.id IS NULL THEN (k.seen << 1) & 0xfffff ELSE k.seen END, k.changes
  FROM store.finding k
  JOIN (SELECT rule, state = 'judged' AND coalesce(is_complete, 0) AS counts FROM main.rule_run
         WHERE snapshot = :snapshot AND rule IN (SELECT rule FROM stage.due)) r
    ON r.rule = k.rule
  LEFT JOIN main.finding_unjudged u ON u.id = k.id
 WHERE k.target = :name AND (k.is_open OR k.seen <> 0 OR k.changes <> 0)
   AND k.id NOT IN (SELECT id FROM stage.life);
----
-- A state-finding opens at once and closes when really looked for. A moment opens when seen in 3 of the last 5 looks,
-- at once when critical, and closes after 3 clean ones.
UPDATE stage.life
   SET is_open = CASE WHEN is_raised AND nature IS NOT 'moment' THEN 1
                      WHEN is_raised THEN was_open OR severity IS 'critical' OR store_ones(seen & 31) >= 3
                      WHEN is_counted AND (nature IS NOT 'moment' OR (seen & 7) = 0) THEN 0
                      ELSE was_open END;
----
UPDATE stage.life
   SET changes = CASE WHEN is_counted THEN ((changes << 1) | (is_open <> was_open)) & 0xfffff ELSE changes END,
       state = CASE WHEN is_open AND NOT was_open AND opened THEN 'reopened'
                    WHEN is_open AND NOT was_open THEN 'new'
                    WHEN is_open AND is_raised THEN 'ongoing'
                    WHEN is_open THEN 'unseen'
                    WHEN was_open THEN 'resolved'
                    WHEN is_raised THEN 'pending' END;
----
INSERT INTO store.finding (id, target, rule, first_seen, severity_at)
SELECT f.id, :name, f.rule, :at, :at
  FROM main.finding f JOIN stage.life l ON l.id = f.id
 WHERE l.is_raised AND f.id NOT IN (SELECT id FROM store.finding);
----
UPDATE store.finding AS k
   SET rule_hash = f.rule_hash, category = f.category, nature = f.nature, title = f.title, object = f.object,
       severity_at = CASE WHEN k.severity IS f.severity THEN k.severity_at ELSE :at END,
       severity = f.severity, summary = f.summary, evidence = f.evidence, fix = f.fix, impact = f.impact,
       confidence = f.confidence, muted_by = f.muted_by, is_maintenance = f.is_maintenance,
       last_seen = :at, times_seen = k.times_seen + 1
  FROM main.finding f JOIN stage.life l ON l.id = f.id
 WHERE k.id = f.id AND l.is_raised;
----
UPDATE store.finding AS k
   SET seen = l.seen, changes = l.changes, is_open = l.is_open, state = coalesce(l.state, k.state),
       opened = k.opened + (l.is_open > l.was_open),
       opened_at = CASE WHEN l.is_open > l.was_open THEN :at ELSE k.opened_at END,
       resolved_at = CASE WHEN l.was_open > l.is_open THEN :at ELSE k.resolved_at END
  FROM stage.life l
 WHERE k.id = l.id;
----
-- What was acknowledged is over: if it comes again, it is told again.
DELETE FROM store.finding_mark
 WHERE action = 'ack' AND finding IN (SELECT id FROM stage.life WHERE state = 'resolved');
----
-- A moment that never opened and was not seen in 20 looks is forgotten.
DELETE FROM store.finding
 WHERE NOT opened AND seen = 0 AND id IN (SELECT id FROM stage.life WHERE NOT is_raised);
----
UPDATE store.target SET judged_at = :at
 WHERE name = :name AND EXISTS (SELECT 1 FROM main.rule_run WHERE snapshot = :snapshot AND state = 'judged');
----
-- always
-- Remembered findings that were not raised: resolved now, or still standing and not seen.
INSERT OR IGNORE INTO main.finding (id, snapshot, target, rule, rule_hash, category, nature, title, object, severity, summary,
                                    evidence, fix, impact, confidence, is_raised, muted_by, is_maintenance)
SELECT k.id, :snapshot, :name, k.rule, k.rule_hash, k.category, k.nature, k.title, k.object, k.severity, k.summary,
       k.evidence, k.fix, k.impact, k.confidence, 0, k.muted_by, k.is_maintenance
  FROM store.finding k
 WHERE :is_current AND k.target = :name AND k.rule IN (SELECT rule FROM main.rule_run WHERE snapshot = :snapshot)
   AND (k.state = 'unseen' OR (k.state = 'resolved' AND k.resolved_at = :at));
----
-- always
-- For --notify NAME also what resolved since NAME was told of it.
INSERT OR IGNORE INTO main.finding (id, snapshot, target, rule, rule_hash, category, nature, title, object, severity, summary,
                                    evidence, fix, impact, confidence, is_raised, muted_by, is_maintenance)
SELECT k.id, :snapshot, :name, k.rule, k.rule_hash, k.category, k.nature, k.title, k.object, k.severity, k.summary,
       k.evidence, k.fix, k.impact, k.confidence, 0, k.muted_by, k.is_maintenance
  FROM store.finding k JOIN store.told t ON t.finding = k.id
 WHERE :is_current AND k.target = :name AND k.state = 'resolved'
   AND t.name = (SELECT value FROM main.run_setting WHERE name = 'notify');
----
-- always
UPDATE main.finding AS f
   SET state = CASE WHEN :is_current THEN k.state WHEN k.is_open THEN 'ongoing' END,
       first_seen = k.first_seen, last_seen = k.last_seen, times_seen = k.times_seen,
       is_flapping = store_ones(k.changes) >= 4,
       muted_by = coalesce(f.muted_by, (SELECT coalesce(m.reason, 'muted') FROM store.finding_mark m
                                         WHERE m.finding = k.id AND m.action = 'mute' AND (m.until = 0 OR m.until > :now))),
       acknowledged = (SELECT coalesce(m.marked_by || ': ', '') || coalesce(m.reason, 'acknowledged') FROM store.finding_mark m
                        WHERE m.finding = k.id AND m.action = 'ack' AND (m.until = 0 OR m.until > :now)
                          AND store_rank(m.severity) >= store_rank(k.severity))
  FROM store.finding k
 WHERE f.snapshot = :snapshot AND k.id = f.id;
----
-- always
UPDATE main.finding AS f
   SET is_told = coalesce((SELECT f.state <> 'resolved' AND store_rank(t.severity) >= store_rank(f.severity)
                             FROM store.told t
                            WHERE t.finding = f.id AND t.name = (SELECT value FROM main.run_setting WHERE name = 'notify')),
                          f.state = 'resolved')
 WHERE f.snapshot = :snapshot AND f.state IS NOT NULL
   AND EXISTS (SELECT 1 FROM main.run_setting WHERE name = 'notify' AND value IS NOT NULL);
