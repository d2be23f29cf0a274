-- Control tests of doors, with what became of each; heartbeats of senders; planned shutdowns of sources.

CREATE TABLE control_tests_new (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  kind TEXT NOT NULL CHECK (kind IN ('rules', 'door', 'source')),
  subject TEXT NOT NULL,
  sent INTEGER NOT NULL,
  due INTEGER NOT NULL,
  arrived INTEGER,
  passed INTEGER,
  failed INTEGER,
  reason TEXT,
  detail_vi TEXT,
  detail_en TEXT
) STRICT;
INSERT INTO control_tests_new (id, unit, kind, subject, sent, due, passed, failed, reason)
  SELECT id, unit, kind, subject, sent, due, passed, failed, reason FROM control_tests;
DROP TABLE control_tests;
ALTER TABLE control_tests_new RENAME TO control_tests;
CREATE INDEX control_tests_subject ON control_tests (kind, subject, sent);
CREATE INDEX control_tests_open ON control_tests (due) WHERE passed IS NULL AND failed IS NULL;

-- The word by which a sender's own heartbeat is known, and since when it is expected.
ALTER TABLE source_settings ADD COLUMN heartbeat TEXT;
ALTER TABLE source_settings ADD COLUMN heartbeat_since INTEGER;

-- Switched off as planned, until when and by whose word.
ALTER TABLE source_settings ADD COLUMN off_until INTEGER;
ALTER TABLE source_settings ADD COLUMN off_by TEXT;
ALTER TABLE source_settings ADD COLUMN off_reason TEXT;
