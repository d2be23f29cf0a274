-- The first form of state.db.
-- ids: UUIDv7 text. Times: INTEGER microseconds since 1970 UTC. Truth: 0 or 1. *_json: canonical JSON.
-- actor: "user:ID", "token:ID" or "canh". Data carries the unit and site it belongs to; a user and a
-- token hold a role for one unit (and what is below it), or for one site of it.

-- who we are

CREATE TABLE units (
  id TEXT PRIMARY KEY,
  parent TEXT REFERENCES units (id),
  name TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  unit TEXT NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  value_json TEXT NOT NULL,
  changed INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (unit, name)
) STRICT;

-- access

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  lang TEXT NOT NULL DEFAULT 'vi' CHECK (lang IN ('vi', 'en')),
  password TEXT,
  totp_box BLOB,
  totp_step INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  last_seen INTEGER,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  CHECK ((password IS NULL) = (totp_box IS NULL))
) STRICT;

CREATE TABLE grants (
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('source', 'viewer', 'analyst', 'lead', 'auditor', 'admin')),
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  granted INTEGER NOT NULL,
  PRIMARY KEY (user_id, unit)
) STRICT;

CREATE TABLE invites (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  user_id TEXT REFERENCES users (id),
  role TEXT NOT NULL,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  created INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires INTEGER NOT NULL,
  used INTEGER,
  name TEXT,
  display_name TEXT,
  password TEXT,
  totp_box BLOB
) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id),
  created INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('source', 'viewer', 'analyst', 'lead', 'auditor', 'admin')),
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  created INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  last_used INTEGER,
  revoked INTEGER
) STRICT;

-- Failed sign-ins by account ("user:NAME") and by address ("address:A").
CREATE TABLE lockouts (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_failure INTEGER NOT NULL,
  locked_until INTEGER
) STRICT;

CREATE TABLE idempotency (
  token TEXT NOT NULL,
  name TEXT NOT NULL,
  digest BLOB NOT NULL,
  status INTEGER NOT NULL,
  answer BLOB NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  PRIMARY KEY (token, name)
) STRICT;
CREATE INDEX idempotency_expires ON idempotency (expires);

-- sources

CREATE TABLE source_settings (
  source TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  name TEXT,
  class TEXT NOT NULL DEFAULT 'unknown'
    CHECK (class IN ('server', 'workstation', 'appliance', 'unknown')),
  required INTEGER NOT NULL DEFAULT 0 CHECK (required IN (0, 1)),
  changed INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

-- Positive controls: a canary that must come back, for the rule set or for one source.
CREATE TABLE control_tests (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  kind TEXT NOT NULL CHECK (kind IN ('rules', 'source')),
  subject TEXT NOT NULL,
  sent INTEGER NOT NULL,
  due INTEGER NOT NULL,
  passed INTEGER,
  failed INTEGER,
  reason TEXT
) STRICT;
CREATE INDEX control_tests_subject ON control_tests (kind, subject, sent);
CREATE INDEX control_tests_open ON control_tests (due) WHERE passed IS NULL AND failed IS NULL;

-- Minutes (since 1970) in which canh saw nothing although it should have.
CREATE TABLE blind_minutes (
  unit TEXT NOT NULL REFERENCES units (id),
  minute INTEGER NOT NULL,
  reason TEXT NOT NULL,
  hunted INTEGER,
  PRIMARY KEY (unit, minute)
) STRICT;

-- lists, rules, exceptions

CREATE TABLE lists (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('infected', 'c2', 'attacker', 'phishing', 'known-good', 'unknown')),
  letter TEXT,
  issuer TEXT,
  month TEXT,
  valid_from INTEGER,
  valid_until INTEGER,
  tlp TEXT,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  bad_lines INTEGER NOT NULL,
  types_json TEXT NOT NULL,
  map_json TEXT,
  hits INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  removed INTEGER,
  removed_by TEXT
) STRICT;

CREATE TABLE list_bad_lines (
  list TEXT NOT NULL REFERENCES lists (id),
  line INTEGER NOT NULL,
  reason_vi TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  PRIMARY KEY (list, line)
) STRICT;

CREATE TABLE rule_imports (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  loaded INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  removed INTEGER,
  removed_by TEXT
) STRICT;

CREATE TABLE exceptions (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  rule TEXT NOT NULL,
  fields_json TEXT NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  hidden INTEGER NOT NULL DEFAULT 0,
  removed INTEGER,
  removed_by TEXT
) STRICT;

-- alerts

CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  state TEXT NOT NULL
    CHECK (state IN ('new', 'acknowledged', 'verified_true', 'verified_false', 'handled')),
  severity TEXT NOT NULL
    CHECK (severity IN ('critical', 'high', 'medium', 'low', 'informational')),
  group_key TEXT NOT NULL,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  rule TEXT NOT NULL,
  rule_title TEXT NOT NULL,
  rule_level TEXT NOT NULL,
  rule_kind TEXT NOT NULL CHECK (rule_kind IN ('sigma', 'indicator', 'manual', 'canary')),
  tags_json TEXT NOT NULL,
  matched TEXT NOT NULL,
  indicator TEXT,
  indicator_type TEXT,
  list TEXT REFERENCES lists (id),
  count INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
  channel TEXT NOT NULL CHECK (channel IN ('rule', 'telephone', 'letter', 'soc')),
  description TEXT,
  assignee TEXT REFERENCES users (id),
  opened INTEGER NOT NULL,
  acknowledge_due INTEGER,
  acknowledge_done INTEGER,
  handle_due INTEGER,
  handle_done INTEGER,
  verdict_reason TEXT,
  verdict_action TEXT,
  event_json TEXT,
  changed INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX alerts_last_seen ON alerts (last_seen, id);
CREATE INDEX alerts_group ON alerts (group_key, last_seen);
CREATE INDEX alerts_open ON alerts (state, last_seen);
CREATE INDEX alerts_rule ON alerts (rule, last_seen);
CREATE INDEX alerts_list ON alerts (list) WHERE list IS NOT NULL;

CREATE TABLE alert_places (
  alert TEXT NOT NULL REFERENCES alerts (id),
  kind TEXT NOT NULL CHECK (kind IN ('host', 'address')),
  value TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (alert, kind, value)
) STRICT;
CREATE INDEX alert_places_value ON alert_places (value, last_seen);

-- One row a hit that was copied from a day's file: (day, batch, n) makes a second copy impossible.
CREATE TABLE alert_events (
  alert TEXT NOT NULL REFERENCES alerts (id),
  day TEXT NOT NULL,
  batch INTEGER NOT NULL,
  n INTEGER NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  event_json TEXT,
  PRIMARY KEY (day, batch, n)
) STRICT;
CREATE INDEX alert_events_alert ON alert_events (alert, at);

CREATE TABLE alert_history (
  alert TEXT NOT NULL REFERENCES alerts (id),
  step INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  detail_json TEXT NOT NULL,
  ledger INTEGER,
  PRIMARY KEY (alert, step)
) STRICT;

-- Up to where hits and seals of a day's file have been copied.
CREATE TABLE hit_cursors (
  day TEXT PRIMARY KEY,
  batch INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sealed_batch INTEGER NOT NULL
) STRICT;

-- directives

CREATE TABLE directives (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  sha256 TEXT NOT NULL,
  loaded INTEGER NOT NULL
) STRICT;

CREATE TABLE measure_evaluations (
  unit TEXT NOT NULL REFERENCES units (id),
  directive TEXT NOT NULL,
  measure TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('met', 'failed', 'unknown', 'attested', 'not_applicable')),
  n INTEGER,
  total INTEGER,
  age_s INTEGER,
  reason_vi TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  evidence_json TEXT NOT NULL,
  ledger INTEGER,
  PRIMARY KEY (unit, directive, measure, at)
) STRICT;

CREATE TABLE attestations (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  directive TEXT NOT NULL,
  measure TEXT NOT NULL,
  statement TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  withdrawn INTEGER,
  ledger INTEGER
) STRICT;
CREATE INDEX attestations_measure ON attestations (directive, measure, at);

-- the ledger: state/ledger.h

CREATE TABLE ledger_entries (
  n INTEGER PRIMARY KEY,
  recorded INTEGER NOT NULL,
  observed INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_entries_recorded ON ledger_entries (recorded);
CREATE INDEX ledger_entries_kind ON ledger_entries (kind, n);
CREATE INDEX ledger_entries_subject ON ledger_entries (subject, n);

-- Roots of full subtrees: node (level, place) covers entries place * 2^level and on.
CREATE TABLE ledger_nodes (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT;

-- Personal data of entries: what the entry's body commits to; a row may be deleted by law.
CREATE TABLE ledger_personal (
  n INTEGER NOT NULL REFERENCES ledger_entries (n),
  field TEXT NOT NULL,
  salt BLOB NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (n, field)
) STRICT;

CREATE TABLE ledger_heads (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL,
  signed INTEGER NOT NULL,
  key BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;

-- Each attempt to hand a head to a witness.
CREATE TABLE witness_heads (
  target TEXT NOT NULL,
  at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  reason TEXT,
  PRIMARY KEY (target, at)
) STRICT;
