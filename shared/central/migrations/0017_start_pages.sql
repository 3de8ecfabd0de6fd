-- Derived: how many records of a kind are in a state at a station. Start pages count hundreds of
-- kinds and states in one look; in ten years the records themselves would take too long to count.
CREATE TABLE case_tallies (
    kind    TEXT    NOT NULL,
    station TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (kind, station, state)
) STRICT, WITHOUT ROWID;

-- What is due soon, of all kinds at once, without looking at the records.
CREATE INDEX cases_due_soon ON cases (due_on, kind, station) WHERE due_on IS NOT NULL;
