-- Derived: what each member of staff is, and where; an empty station means every one. Rows that
-- are not recorded came to a node from its centre, or are from before there were roles.
CREATE TABLE staff_posts (
    staff       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    station     TEXT    NOT NULL,
    is_recorded INTEGER NOT NULL,
    PRIMARY KEY (staff, role, station)
) STRICT, WITHOUT ROWID;

-- Until somebody says otherwise, accounts from before there were roles stay what they were used as.
INSERT INTO staff_posts (staff, role, station, is_recorded)
SELECT staff, 'clerk', '', FALSE FROM staff;
