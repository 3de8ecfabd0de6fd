-- The record: events of all writers, verbatim. Never changed, never deleted.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    writer   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    text     TEXT    NOT NULL,
    received INTEGER NOT NULL,
    UNIQUE (writer, seq)
) STRICT;

CREATE INDEX events_by_kind ON events (kind, position);

-- Events that contradict the record, kept for review with what the record holds in their place.
CREATE TABLE quarantine (
    number   INTEGER PRIMARY KEY,
    writer   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    held     TEXT    NOT NULL,
    refused  TEXT    NOT NULL,
    received INTEGER NOT NULL
) STRICT;
