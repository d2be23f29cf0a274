-- The registry of machines and appliances: what sources told of each, and when.

-- One import of a file: an asset book, a directory, DHCP leases, an anti-virus console.
CREATE TABLE asset_sources (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  kind TEXT NOT NULL CHECK (kind IN ('book', 'ad', 'dhcp', 'av')),
  name TEXT NOT NULL,
  map TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  bad_rows INTEGER NOT NULL,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  same INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  imported_by TEXT NOT NULL
) STRICT;
CREATE INDEX asset_sources_sha256 ON asset_sources (sha256);
CREATE INDEX asset_sources_imported ON asset_sources (imported);

CREATE TABLE asset_bad_rows (
  source TEXT NOT NULL REFERENCES asset_sources (id),
  n INTEGER NOT NULL,
  line INTEGER NOT NULL,
  reason_vi TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  PRIMARY KEY (source, n)
) STRICT;

-- host and domain: the name folded, up to its first dot and behind it; domain '' where none was told.
-- unit_told: a source named the unit, else it is that of the import.
CREATE TABLE assets (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  site TEXT REFERENCES sites (id),
  unit_told INTEGER NOT NULL CHECK (unit_told IN (0, 1)),
  name TEXT NOT NULL,
  named INTEGER NOT NULL CHECK (named IN (0, 1)),
  host TEXT NOT NULL,
  domain TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('server', 'workstation', 'appliance', 'other')),
  state TEXT NOT NULL CHECK (state IN ('in_use', 'off')),
  confirmed_by TEXT,
  confirmed INTEGER,
  seen INTEGER,
  told INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  CHECK ((state = 'off') = (confirmed_by IS NOT NULL)),
  CHECK ((state = 'off') = (confirmed IS NOT NULL))
) STRICT;
CREATE INDEX assets_host ON assets (host);
CREATE INDEX assets_name ON assets (name, id);

-- What each kind of source says of it: `source` was the last to say so, at `told`. `ended`: its kind of
-- source says something else since.
CREATE TABLE asset_facts (
  asset TEXT NOT NULL REFERENCES assets (id),
  fact TEXT NOT NULL,
  value TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('book', 'ad', 'dhcp', 'av')),
  source TEXT NOT NULL REFERENCES asset_sources (id),
  first INTEGER NOT NULL,
  told INTEGER NOT NULL,
  ended INTEGER,
  PRIMARY KEY (asset, fact, value, kind)
) STRICT;
CREATE INDEX asset_facts_value ON asset_facts (fact, value) WHERE ended IS NULL;
