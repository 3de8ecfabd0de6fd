-- Derived: which record names which other one, in what field. Links between records are apart (case_links).
CREATE TABLE case_names (
    named  TEXT NOT NULL,
    kind   TEXT NOT NULL,
    field  TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (named, kind, field, record)
) STRICT, WITHOUT ROWID;
