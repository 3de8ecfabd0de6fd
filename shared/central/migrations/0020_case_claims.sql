-- Derived: what records take for themselves so that no second one may: a person in one category, the
-- months of a subsidy, a teacher's hour. From and until are milliseconds of the hall's clock.
CREATE TABLE case_claims (
    rule     TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    record   TEXT    NOT NULL,
    item     INTEGER NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (rule, key, record, item)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_claims_by_record ON case_claims (record);
