-- Derived: every version of a kind of record that was ever used.
CREATE TABLE kinds (
    hash     TEXT    PRIMARY KEY,
    kind     TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- Derived: records as they stand, by what lists are filtered and sorted by. `opening` is the
-- position of the event that opened the record: a number that grows, so that what is found stands
-- in the order of its opening and new rows come after all others.
CREATE TABLE cases (
    opening    INTEGER PRIMARY KEY,
    record     TEXT    NOT NULL UNIQUE,
    case_no    TEXT    NOT NULL UNIQUE,
    kind       TEXT    NOT NULL,
    station    TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    owner      TEXT,
    person     TEXT,
    employer   TEXT,
    title      TEXT    NOT NULL,
    due_on     TEXT,
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- One for every order of a list, of all states and of one. What is not due comes last.
CREATE INDEX cases_by_number ON cases (kind);
CREATE INDEX cases_by_change ON cases (kind, changed_at);
CREATE INDEX cases_by_title ON cases (kind, title);
CREATE INDEX cases_by_due ON cases (kind, ifnull(due_on, '9999-12-31'));
CREATE INDEX cases_by_state ON cases (kind, state, changed_at);
CREATE INDEX cases_by_station ON cases (kind, station, state);
CREATE INDEX cases_to_do ON cases (kind, state, ifnull(due_on, '9999-12-31'));
CREATE INDEX cases_by_person ON cases (person) WHERE person IS NOT NULL;
CREATE INDEX cases_by_employer ON cases (employer) WHERE employer IS NOT NULL;
CREATE INDEX cases_by_owner ON cases (owner, kind, state) WHERE owner IS NOT NULL;

-- Derived: the whole of each record, apart, so that the rows that lists go through are short.
-- Personal values in it are ciphertext.
CREATE TABLE case_bodies (
    opening INTEGER PRIMARY KEY,
    body    TEXT    NOT NULL
) STRICT;

-- Derived: what records are found by. An index of words without the texts: a word is a kind and a
-- token of one of its records, a row's number the record's opening. SQLite's own index of words
-- keeps them in a fiftieth of the room of a table of them, and takes in many at once; the tokens
-- are the program's, so that its tokenizer has nothing to decide.
CREATE VIRTUAL TABLE case_search USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    detail = none,
    tokenize = "ascii tokenchars '~_'"
);

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
    opening  INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (opening, position)
) STRICT, WITHOUT ROWID;

-- Derived: who points at a record.
CREATE TABLE case_links (
    target TEXT NOT NULL,
    record TEXT NOT NULL,
    link   TEXT NOT NULL,
    PRIMARY KEY (target, record, link)
) STRICT, WITHOUT ROWID;

-- Derived: when a vacancy's listing was first published, its place among all listings, and the
-- short id under which the public knows it.
CREATE TABLE case_listings (
    record            TEXT    PRIMARY KEY,
    short_id          TEXT    NOT NULL UNIQUE,
    publication_order INTEGER NOT NULL UNIQUE,
    published_on      TEXT    NOT NULL
) STRICT;

CREATE INDEX vacancies_by_order ON vacancies (publication_order);

-- Derived: the vacancy of a row of a file, by what the row is known again.
CREATE TABLE vacancy_sources (
    source_key TEXT PRIMARY KEY,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX vacancy_sources_by_record ON vacancy_sources (record);

-- Derived: who was born when, of whom a resident's number says who they are and of whom not. A day
-- has few persons, a name may have hundreds.
CREATE TABLE person_births (
    born        TEXT    NOT NULL,
    is_resident INTEGER NOT NULL,
    person      TEXT    NOT NULL,
    PRIMARY KEY (born, is_resident, person)
) STRICT, WITHOUT ROWID;
