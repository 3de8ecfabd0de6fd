-- Operational state: backed up, not rebuilt. What each table is for is said in `store.rs`.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE contacts (
    device        TEXT    PRIMARY KEY,
    last_push_at  INTEGER NOT NULL,
    skew_ms       INTEGER NOT NULL,
    covered_until INTEGER NOT NULL,
    tail_seq      INTEGER NOT NULL,
    tail_hash     BLOB    NOT NULL,
    signature     BLOB    NOT NULL
) STRICT;

CREATE TABLE enrolment_codes (
    code_hash  BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    hall       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by    TEXT
) STRICT;

CREATE TABLE staff (
    staff         TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    login         TEXT    NOT NULL UNIQUE,
    clerk_no      TEXT    NOT NULL,
    hall          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE staff_sessions (
    token_hash BLOB    PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (staff),
    csrf       TEXT    NOT NULL,
    window     INTEGER,
    used_at    INTEGER NOT NULL
) STRICT;
