-- Derived from the events alone: `central rebuild` empties these tables and fills them anew.
CREATE TABLE halls (
    hall         TEXT    PRIMARY KEY,
    station_name TEXT    NOT NULL,
    layout       TEXT    NOT NULL,
    day          TEXT    NOT NULL
) STRICT;

CREATE TABLE devices (
    device         TEXT    PRIMARY KEY,
    name           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    hall           TEXT    NOT NULL,
    public_key     BLOB    NOT NULL,
    enrolled_at    INTEGER NOT NULL,
    revoked_at     INTEGER,
    equivocated_at INTEGER
) STRICT;

CREATE TABLE visits (
    ticket      TEXT    PRIMARY KEY,
    hall        TEXT    NOT NULL,
    day         TEXT    NOT NULL,
    label       TEXT    NOT NULL,
    group_code  TEXT    NOT NULL,
    priority    TEXT,
    window      INTEGER,
    arrived_at  INTEGER NOT NULL,
    called_at   INTEGER,
    calls       INTEGER NOT NULL DEFAULT 0,
    started_at  INTEGER,
    finished_at INTEGER,
    missed_at   INTEGER,
    lapsed_at   INTEGER,
    token_hash  BLOB    NOT NULL,
    code_hash   BLOB    NOT NULL
) STRICT;

CREATE INDEX visits_by_token ON visits (token_hash);
CREATE INDEX visits_by_label ON visits (hall, label, arrived_at);
CREATE INDEX visits_by_finish ON visits (hall, finished_at);
CREATE INDEX visits_by_day ON visits (hall, day);

CREATE TABLE ratings (
    rating       TEXT    PRIMARY KEY,
    hall         TEXT    NOT NULL,
    ticket       TEXT,
    window       INTEGER,
    matter_level INTEGER NOT NULL,
    staff_level  INTEGER,
    reasons      TEXT    NOT NULL,
    channel      TEXT    NOT NULL,
    origin       TEXT    NOT NULL,
    writer       TEXT    NOT NULL,
    submitted_at INTEGER NOT NULL,
    outcome      TEXT    NOT NULL DEFAULT 'submitted',
    refusal      TEXT
) STRICT;

CREATE UNIQUE INDEX one_score_per_visit ON ratings (ticket) WHERE outcome = 'accepted';

-- The listing of a published vacancy stands in the feed, under its id.
CREATE TABLE vacancies (
    listing           TEXT    PRIMARY KEY,
    short_id          TEXT    NOT NULL UNIQUE,
    source_key        TEXT    NOT NULL UNIQUE,
    import            TEXT    NOT NULL,
    as_of             TEXT    NOT NULL,
    raw               TEXT    NOT NULL,
    state             TEXT    NOT NULL,
    publication_order INTEGER,
    published_on      TEXT,
    valid_to          TEXT,
    withdrawn_reason  TEXT
) STRICT;

CREATE INDEX vacancies_by_import ON vacancies (import, state);

CREATE TABLE publications (
    number INTEGER PRIMARY KEY,
    import TEXT    NOT NULL,
    by_name TEXT   NOT NULL,
    day    TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
    notice       TEXT    PRIMARY KEY,
    body         TEXT    NOT NULL,
    by_name      TEXT    NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE boards (
    device TEXT    NOT NULL,
    board  TEXT    NOT NULL,
    hall   TEXT    NOT NULL,
    report TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (device, board)
) STRICT;

CREATE TABLE help_calls (
    position INTEGER PRIMARY KEY,
    device   TEXT    NOT NULL,
    hall     TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;

CREATE TABLE search_tallies (
    position        INTEGER PRIMARY KEY,
    device          TEXT    NOT NULL,
    hall            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    searches        TEXT    NOT NULL,
    without_result  INTEGER NOT NULL,
    listings_opened INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    staff    TEXT,
    device   TEXT,
    act      TEXT    NOT NULL,
    subject  TEXT    NOT NULL
) STRICT;

-- The newest row of each (topic, key, scope). Rows of `listing`, `notice` and `hall` are derived;
-- rows of `queue`, `window` and `call` picture the present and are renewed at each start.
CREATE TABLE feed (
    position INTEGER PRIMARY KEY,
    topic    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    body     TEXT,
    expires  INTEGER,
    UNIQUE (topic, key, scope)
) STRICT;
