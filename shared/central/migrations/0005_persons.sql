-- Operational: keys of persons and of the store, each under a master key that lies elsewhere.
-- A destroyed key leaves its row, so that a person who was erased stays erased.
CREATE TABLE person_keys (
    person    TEXT    PRIMARY KEY,
    wrapped   TEXT,
    erased_at INTEGER,
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
) STRICT;

-- `lookup` (keyed hashes of numbers) and `box` (texts sealed to the centre, with its public half).
CREATE TABLE wrapped_keys (
    name    TEXT PRIMARY KEY,
    wrapped TEXT NOT NULL,
    public  BLOB
) STRICT;

-- Derived: who is known, and the sealed fields as they stand in the events.
CREATE TABLE persons (
    person      TEXT    PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    erased_at   INTEGER
) STRICT;

CREATE TABLE person_fields (
    person TEXT NOT NULL,
    field  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (person, field)
) STRICT;

-- Derived, and the only place where names are plain: one row per spelling of the name.
CREATE TABLE person_search (
    person   TEXT NOT NULL,
    name     TEXT NOT NULL,
    initials TEXT NOT NULL,
    spelling TEXT NOT NULL,
    PRIMARY KEY (person, spelling)
) STRICT;

CREATE INDEX person_search_by_name ON person_search (name);
CREATE INDEX person_search_by_initials ON person_search (initials);
CREATE INDEX person_search_by_spelling ON person_search (spelling);

CREATE TABLE person_lookup (
    field  TEXT NOT NULL,
    hash   BLOB NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (person, field)
) STRICT;

CREATE INDEX person_lookup_by_hash ON person_lookup (field, hash);
