-- Roles reach a part of the units: names to tell them apart, counts and lists of alerts by home.

CREATE UNIQUE INDEX units_name ON units (parent, name);
CREATE UNIQUE INDEX sites_name ON sites (unit, name);

-- 1: a person said where the source belongs; 0: it belongs where its sender does.
ALTER TABLE source_settings ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0
  CHECK (assigned IN (0, 1));

CREATE INDEX alerts_home_time
  ON alerts (unit, coalesce(site, ''), state, severity, exercise, last_seen, id);
CREATE INDEX alerts_home_clock
  ON alerts (unit, coalesce(site, ''), state, severity, exercise, urgency, id);

DROP TABLE alert_counts;
CREATE TABLE alert_counts (
  unit TEXT NOT NULL,
  site TEXT NOT NULL, -- '' for none
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  exercise INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (unit, site, state, severity, exercise)
) STRICT;
INSERT INTO alert_counts (unit, site, state, severity, exercise, n)
  SELECT unit, coalesce(site, ''), state, severity, exercise, count(*) FROM alerts
  GROUP BY unit, coalesce(site, ''), state, severity, exercise;
