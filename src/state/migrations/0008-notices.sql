-- What is told to whom by mail and webhook: the outbox with its receipts, and what is to be said again.

CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  number INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('alert', 'repeat', 'ladder', 'test')),
  severity TEXT CHECK (severity IN ('critical', 'high', 'medium', 'low', 'informational')),
  exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
  count INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
  target TEXT NOT NULL,
  name TEXT NOT NULL,
  contact TEXT REFERENCES contacts (id),
  lang TEXT NOT NULL CHECK (lang IN ('vi', 'en')),
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'held', 'sending', 'sent', 'given_up', 'dropped')),
  created INTEGER NOT NULL,
  due INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_try INTEGER,
  last_try INTEGER,
  in_doubt INTEGER NOT NULL DEFAULT 0 CHECK (in_doubt IN (0, 1)),
  settled INTEGER,
  receipt TEXT,
  error_vi TEXT,
  error_en TEXT
) STRICT;
CREATE INDEX notices_due ON notices (channel, due) WHERE state IN ('waiting', 'held');
CREATE INDEX notices_tried ON notices (channel, target, last_try);
CREATE INDEX notices_open ON notices (channel, target, state, number);
CREATE INDEX notices_state ON notices (state, number);
CREATE INDEX notices_settled ON notices (state, settled);

CREATE TABLE notice_alerts (
  notice TEXT NOT NULL REFERENCES notices (id),
  alert TEXT NOT NULL REFERENCES alerts (id),
  PRIMARY KEY (notice, alert)
) STRICT;
CREATE INDEX notice_alerts_alert ON notice_alerts (alert);

-- Alerts that nobody has acknowledged yet: when they are told again, whether the ladder was climbed.
CREATE TABLE notice_reminders (
  alert TEXT PRIMARY KEY REFERENCES alerts (id),
  next INTEGER NOT NULL,
  told INTEGER NOT NULL,
  climbed INTEGER NOT NULL CHECK (climbed IN (0, 1))
) STRICT;
CREATE INDEX notice_reminders_next ON notice_reminders (next);

-- Alerts up to this number were looked at.
CREATE TABLE notice_cursor (
  unit TEXT PRIMARY KEY REFERENCES units (id),
  number INTEGER NOT NULL
) STRICT;
