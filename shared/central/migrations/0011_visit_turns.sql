-- What a visit was told and wanted, and every turn that a window took of it: what the figures of
-- waits and services are counted from. Derived, both.
ALTER TABLE visits ADD COLUMN group_now TEXT;
ALTER TABLE visits ADD COLUMN matter TEXT;
ALTER TABLE visits ADD COLUMN found_ahead INTEGER;
ALTER TABLE visits ADD COLUMN found_windows INTEGER;
ALTER TABLE visits ADD COLUMN told TEXT;
ALTER TABLE visits ADD COLUMN left_at INTEGER;
ALTER TABLE visits ADD COLUMN clerk TEXT;

CREATE INDEX visits_by_call ON visits (hall, called_at);

CREATE TABLE visit_turns (
    ticket     TEXT    NOT NULL,
    turn       INTEGER NOT NULL,
    hall       TEXT    NOT NULL,
    day        TEXT    NOT NULL,
    group_code TEXT    NOT NULL,
    window     INTEGER NOT NULL,
    clerk      TEXT,
    called_at  INTEGER,
    calls      INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER,
    ended_at   INTEGER,
    outcome    TEXT,
    PRIMARY KEY (ticket, turn)
) STRICT, WITHOUT ROWID;

CREATE INDEX visit_turns_by_day ON visit_turns (hall, day);

-- Which record a low score opened.
CREATE TABLE rating_records (
    rating TEXT PRIMARY KEY,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX low_ratings ON ratings (submitted_at) WHERE matter_level <= 2 AND outcome = 'accepted';
