-- What everybody in a hall had to know at once, from whom, and who ended it. Derived.
CREATE TABLE hall_emergencies (
    emergency TEXT    PRIMARY KEY,
    hall      TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    raised_at INTEGER NOT NULL,
    raised_by TEXT    NOT NULL,
    ended_at  INTEGER,
    ended_by  TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX hall_emergencies_by_hall ON hall_emergencies (hall, ended_at);
