-- Every row holds from the revision `since` up to, and without, the revision `until`.
-- 9223372036854775807 stands for a revision that has not come: the row is current.

CREATE TABLE revision (
    number INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,         -- 64 hex digits
    published_at TEXT NOT NULL,   -- RFC 3339, UTC
    locales TEXT NOT NULL,        -- BCP 47, the default one first, as en,uk
    program TEXT NOT NULL,        -- the version of Keypoint that compiled it
    contract TEXT NOT NULL,       -- a digest of the contract that it was proven against
    next_change TEXT,             -- RFC 3339, UTC: when the same files give another revision
    content TEXT NOT NULL,        -- 64 hex digits: the sum of what the rows' digests give
    origin TEXT NOT NULL          -- 'publish', or 'rollback'
);
CREATE INDEX revision_by_digest ON revision (digest);

-- What current rows were compiled from: an entry's files, in all languages, are a unit.
CREATE TABLE unit (
    name TEXT PRIMARY KEY,
    memo BLOB NOT NULL            -- the compiler's own, for the next publish
);

-- What lists show: the card, and where the entry stands in its collection's default order.
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,         -- the parent's address; '' for an entry with a file of its own
    locales TEXT NOT NULL,        -- the languages asked for in which it is shown, as ,en,uk,
    position BLOB NOT NULL,       -- bytes that sort as the default order does
    address TEXT NOT NULL,        -- the representation that shows the whole entry
    card BLOB NOT NULL,
    digest BLOB NOT NULL
);
CREATE INDEX entry_by_position ON entry (type, position, id, until, since, locales);
CREATE INDEX entry_by_parent ON entry (parent, type, position, id, until, since, locales)
    WHERE parent <> '';
CREATE INDEX entry_of_unit ON entry (unit, until, since);
CREATE INDEX entry_ended ON entry (until) WHERE until <> 9223372036854775807;

-- The bytes of a resource, with their validator.
CREATE TABLE representation (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    address TEXT NOT NULL,
    media_type TEXT NOT NULL,
    language TEXT,                -- BCP 47
    last_modified TEXT,           -- RFC 3339, UTC
    tag TEXT NOT NULL,            -- the opaque part of the entity tag
    identity BLOB NOT NULL,
    gzip BLOB NOT NULL,
    digest BLOB NOT NULL
);
CREATE INDEX representation_by_address ON representation (address, until);
CREATE INDEX representation_of_unit ON representation (unit, until, since);
CREATE INDEX representation_ended ON representation (until) WHERE until <> 9223372036854775807;

-- Other addresses of a resource: an entry's id where that is not its slug.
CREATE TABLE path (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    address TEXT NOT NULL,
    target TEXT NOT NULL,         -- a representation's address
    digest BLOB NOT NULL
);
CREATE INDEX path_by_address ON path (address, until);
CREATE INDEX path_of_unit ON path (unit, until, since);
CREATE INDEX path_ended ON path (until) WHERE until <> 9223372036854775807;

-- Addresses that a resource had before: they lead to the one that it has.
CREATE TABLE redirect (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    address TEXT NOT NULL,
    target TEXT NOT NULL,         -- a representation's address
    digest BLOB NOT NULL
);
CREATE INDEX redirect_by_address ON redirect (address, until);
CREATE INDEX redirect_of_unit ON redirect (unit, until, since);
CREATE INDEX redirect_ended ON redirect (until) WHERE until <> 9223372036854775807;

-- Addresses of what was withdrawn, or has expired.
CREATE TABLE gone (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    replacement TEXT,             -- a representation's address
    kind TEXT NOT NULL,           -- 'withdrawn', or 'expired'
    digest BLOB NOT NULL
);
CREATE INDEX gone_by_address ON gone (address, until);
CREATE INDEX gone_of_unit ON gone (unit, until, since);
CREATE INDEX gone_ended ON gone (until) WHERE until <> 9223372036854775807;

-- Addresses that led somewhere before a revision, and nowhere in it: history, and no part of any
-- revision's digest.
CREATE TABLE ended (
    address TEXT PRIMARY KEY,
    number INTEGER NOT NULL,      -- the revision
    told_until TEXT NOT NULL      -- RFC 3339, UTC: from then on, nobody knows the address
) WITHOUT ROWID;

-- Images and other files. Addresses in texts have the tag, so a row that has ended still answers.
CREATE TABLE media (
    number INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL DEFAULT 9223372036854775807,
    unit TEXT NOT NULL,
    tag TEXT NOT NULL,            -- the opaque part of the entity tag: a digest of the bytes
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    digest BLOB NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX media_by_name ON media (tag, name);
CREATE INDEX media_of_unit ON media (unit, until, since);
CREATE INDEX media_ended ON media (until) WHERE until <> 9223372036854775807;
