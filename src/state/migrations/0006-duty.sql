-- Who is on duty when, and how people are reached. A contact of an account has the account's id.

CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  user_id TEXT UNIQUE REFERENCES users (id),
  name TEXT,
  phone TEXT,
  email TEXT,
  lang TEXT CHECK (lang IN ('vi', 'en')),
  created INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  removed INTEGER,
  CHECK ((user_id IS NULL) = (name IS NOT NULL))
) STRICT;

CREATE TABLE shifts (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL REFERENCES units (id),
  person TEXT NOT NULL REFERENCES contacts (id),
  post TEXT NOT NULL CHECK (post IN ('watch', 'second', 'lead')),
  begins INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  note TEXT,
  entered INTEGER NOT NULL,
  entered_by TEXT NOT NULL,
  removed INTEGER,
  CHECK (ends > begins)
) STRICT;
CREATE INDEX shifts_ends ON shifts (ends) WHERE removed IS NULL;
CREATE INDEX shifts_person ON shifts (person, ends) WHERE removed IS NULL;
