-- Derived: documents that were handed out, by what they are looked up by. `body` is the event, whose
-- personal values are ciphertext. A number is never given twice; a withdrawn document stays.
CREATE TABLE documents (
    document     TEXT    PRIMARY KEY,
    record       TEXT    NOT NULL,
    number       TEXT    NOT NULL UNIQUE,
    code         TEXT    NOT NULL UNIQUE,
    series       TEXT    NOT NULL,
    year         INTEGER NOT NULL,
    running      INTEGER NOT NULL,
    body         TEXT    NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_by TEXT,
    reason       TEXT,
    UNIQUE (series, year, running),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
) STRICT;

CREATE INDEX documents_by_record ON documents (record, document);
