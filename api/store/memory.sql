-- What the compiler noted at the last publish, for the next one. Nothing here is served, and all of
-- it can be made anew: the file may be removed at any time.

-- The revision that the notes are of, the rules by which all was compiled, and at which instant.
CREATE TABLE state (
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    rules TEXT NOT NULL,
    at TEXT NOT NULL              -- RFC 3339, UTC
);

-- What is compiled at a time: an entry's files, in all languages.
CREATE TABLE unit (
    name TEXT PRIMARY KEY,
    memo BLOB NOT NULL,           -- the compiler's own
    due TEXT                      -- likewise: from then on it is another one
) WITHOUT ROWID;
CREATE INDEX unit_by_due ON unit (due) WHERE due IS NOT NULL;
CREATE TABLE file (
    path TEXT PRIMARY KEY,        -- below the content folder
    unit TEXT NOT NULL,
    signature BLOB NOT NULL       -- what tells that the file has changed
) WITHOUT ROWID;
CREATE INDEX file_of_unit ON file (unit);

-- What units may be asked for, and what they asked for: who has to be compiled again.
CREATE TABLE offer (
    key TEXT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (key, unit)
) WITHOUT ROWID;
CREATE INDEX offer_of_unit ON offer (unit);
CREATE TABLE need (
    key TEXT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (key, unit)
) WITHOUT ROWID;
CREATE INDEX need_of_unit ON need (unit);
