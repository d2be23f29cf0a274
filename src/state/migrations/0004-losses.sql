-- What taking in may have lost, as the parent process saw it: connections that broke with a watch,
-- records that were set aside because they ended one.

CREATE TABLE source_gaps (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  kind TEXT NOT NULL,
  peer TEXT NOT NULL,
  began INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  connections INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('restart', 'stop'))
) STRICT;
CREATE INDEX source_gaps_peer ON source_gaps (kind, peer, ended);
CREATE INDEX source_gaps_ended ON source_gaps (ended);

CREATE TABLE records_aside (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('crash', 'stall')),
  how TEXT NOT NULL
) STRICT;
CREATE INDEX records_aside_at ON records_aside (at, id);
