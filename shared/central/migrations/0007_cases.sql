-- Derived: every version of a kind of record that was ever used.
CREATE TABLE kinds (
    hash     TEXT    PRIMARY KEY,
    kind     TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- Derived: records as they stand. `body` is the whole record; the columns beside it are what
-- lists are filtered and sorted by. Personal values in it are ciphertext.
CREATE TABLE cases (
    record     TEXT    PRIMARY KEY,
    case_no    TEXT    NOT NULL UNIQUE,
    kind       TEXT    NOT NULL,
    station    TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    stage      TEXT    NOT NULL,
    owner      TEXT,
    person     TEXT,
    employer   TEXT,
    title      TEXT    NOT NULL,
    due_on     TEXT,
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    body       TEXT    NOT NULL
) STRICT;

CREATE INDEX cases_by_change ON cases (kind, changed_at);
CREATE INDEX cases_by_state ON cases (kind, state, changed_at);
CREATE INDEX cases_by_title ON cases (kind, title);
CREATE INDEX cases_by_due ON cases (kind, due_on);
CREATE INDEX cases_to_do ON cases (kind, stage, state, due_on);
CREATE INDEX cases_by_person ON cases (person) WHERE person IS NOT NULL;
CREATE INDEX cases_by_employer ON cases (employer) WHERE employer IS NOT NULL;
CREATE INDEX cases_by_owner ON cases (owner, stage) WHERE owner IS NOT NULL;

-- Derived: two neighbouring characters or two neighbouring pinyin initials of what is searched.
CREATE TABLE case_search (
    kind   TEXT NOT NULL,
    token  TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, token, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_search_by_record ON case_search (record);

-- Derived: deadlines that run.
CREATE TABLE case_due (
    record TEXT NOT NULL,
    rule   TEXT NOT NULL,
    due_on TEXT NOT NULL,
    PRIMARY KEY (record, rule)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_due_by_day ON case_due (due_on);

-- Derived: where the history of a record stands in the events.
CREATE TABLE case_events (
    record   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID;

-- Derived: who points at a record.
CREATE TABLE case_links (
    target TEXT NOT NULL,
    record TEXT NOT NULL,
    link   TEXT NOT NULL,
    PRIMARY KEY (target, record, link)
) STRICT, WITHOUT ROWID;

-- Derived: when a vacancy's listing was first published, and its place among all listings.
CREATE TABLE case_listings (
    record            TEXT    PRIMARY KEY,
    publication_order INTEGER NOT NULL,
    published_on      TEXT    NOT NULL
) STRICT;
