-- Which records were opened or taken up in a visit. Derived.
CREATE TABLE visit_records (
    ticket TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (ticket, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX visit_records_by_record ON visit_records (record);
