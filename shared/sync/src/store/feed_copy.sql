CREATE TABLE feed_row (
    topic      TEXT NOT NULL,
    key        TEXT NOT NULL,
    position   INTEGER NOT NULL,
    body       TEXT NOT NULL,
    expires_ms INTEGER,
    PRIMARY KEY (topic, key)
) STRICT, WITHOUT ROWID;

-- One row: the position up to which the rows above are known, and the topics they were asked for.
CREATE TABLE feed_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    topics   TEXT NOT NULL
) STRICT;
