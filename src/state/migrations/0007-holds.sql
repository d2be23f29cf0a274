-- Days of the store that must not go while a case needs them; alerts by when they were opened.

CREATE TABLE holds (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  day TEXT NOT NULL,  -- of UTC+7, as the store names it
  last TEXT NOT NULL, -- included
  reason TEXT NOT NULL,
  case_text TEXT NOT NULL,
  until INTEGER,      -- NULL: until it is released
  placed INTEGER NOT NULL,
  placed_by TEXT NOT NULL,
  released INTEGER,
  released_by TEXT,
  released_why TEXT
) STRICT;
CREATE INDEX holds_placed ON holds (placed);

CREATE INDEX alerts_opened ON alerts (severity, opened);
