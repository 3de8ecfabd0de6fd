-- Derived: changes of dated parameters with their two persons. `state`: waiting, confirmed,
-- withdrawn. The book is the program's own entries and those confirmed, in the order in which they
-- were settled.
CREATE TABLE parameter_changes (
    proposal    TEXT    PRIMARY KEY,
    body        TEXT    NOT NULL,
    proposed_at INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'waiting',
    settled_by  TEXT,
    settled_at  INTEGER,
    settled     INTEGER,
    reason      TEXT,
    CHECK (state IN ('waiting', 'confirmed', 'withdrawn')),
    CHECK ((state = 'waiting') = (settled IS NULL))
) STRICT;

CREATE INDEX parameter_changes_by_settled ON parameter_changes (state, settled);
