-- cache.db, version 1. Everything here can be rebuilt from the feed. Days are counted from
-- 0001-01-01 (day 1), money is fen, codes are the positions of the enums in `domain`.

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What filters compare. The key counts the order of first publication down from 2^40, so that
-- newest first is ascending: full-text lists are read faster forwards than backwards.
CREATE TABLE listing (
    rank         INTEGER PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE,
    short_id     TEXT    NOT NULL UNIQUE,
    valid_to     INTEGER NOT NULL,
    published_on INTEGER NOT NULL,
    title        TEXT    NOT NULL,
    employer     TEXT,
    place        TEXT,
    city         TEXT,
    area         TEXT,
    monthly_top  INTEGER,
    education    INTEGER,
    form         INTEGER NOT NULL,
    categories   INTEGER NOT NULL
) STRICT;

CREATE INDEX listing_by_day ON listing (valid_to, published_on);
CREATE INDEX listing_by_place ON listing (city, area, valid_to) WHERE city IS NOT NULL;

-- The whole listing, apart, so that rows that filters walk over stay small.
CREATE TABLE listing_body (
    rank INTEGER PRIMARY KEY REFERENCES listing ON DELETE CASCADE,
    body TEXT NOT NULL
) STRICT;

-- Tokens are made in Rust (tokens.rs); the rowid is listing.rank.
CREATE VIRTUAL TABLE listing_token USING fts5 (
    tokens,
    content = '',
    contentless_delete = 1,
    detail = 'none',
    tokenize = 'ascii'
);

CREATE TABLE word (
    word     TEXT    NOT NULL PRIMARY KEY,
    uses     INTEGER NOT NULL,
    listings INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
