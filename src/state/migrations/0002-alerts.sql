-- Alerts: lists in both orders that stay fast, words to find them by, what the rule said of itself.
-- urgency orders by clock: the moment the running clock ends; else far behind, newest first.

ALTER TABLE alerts ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN verdict TEXT CHECK (verdict IN ('true', 'false'));
ALTER TABLE alerts ADD COLUMN about_json TEXT;

DROP INDEX alerts_open;
CREATE INDEX alerts_facet_time ON alerts (state, severity, exercise, last_seen, id);
CREATE INDEX alerts_facet_clock ON alerts (state, severity, exercise, urgency, id);
CREATE INDEX alerts_assignee ON alerts (assignee, last_seen, id) WHERE assignee IS NOT NULL;
CREATE INDEX alerts_clock ON alerts (urgency, id);
CREATE INDEX alerts_acknowledge ON alerts (severity, acknowledge_due)
  WHERE acknowledge_due IS NOT NULL;

CREATE TABLE alert_counts (
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  exercise INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (state, severity, exercise)
) STRICT;

-- Folded words of an alert: title, rule, matched text, hosts, addresses, number.
CREATE TABLE alert_words (
  word TEXT NOT NULL,
  alert TEXT NOT NULL REFERENCES alerts (id),
  PRIMARY KEY (word, alert)
) STRICT;
CREATE INDEX alert_words_alert ON alert_words (alert, word);

-- Fields of the event by name, for exceptions; kept for the first events of an alert.
ALTER TABLE alert_events ADD COLUMN rule TEXT;
ALTER TABLE alert_events ADD COLUMN fields_json TEXT;
CREATE INDEX alert_events_rule ON alert_events (rule, at) WHERE fields_json IS NOT NULL;

-- Up to when an evaluation was found to hold still; `at` is since when.
ALTER TABLE measure_evaluations ADD COLUMN checked INTEGER;

-- Own public ranges against a list of kind infected.
CREATE TABLE own_checks (
  list TEXT PRIMARY KEY REFERENCES lists (id),
  at INTEGER NOT NULL,
  ranges INTEGER NOT NULL
) STRICT;

CREATE TABLE own_findings (
  unit TEXT NOT NULL REFERENCES units (id),
  value TEXT NOT NULL,
  first_list TEXT NOT NULL REFERENCES lists (id),
  last_list TEXT NOT NULL REFERENCES lists (id),
  found INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  closed INTEGER,
  PRIMARY KEY (unit, value, found)
) STRICT;
CREATE INDEX own_findings_open ON own_findings (unit, value) WHERE closed IS NULL;
