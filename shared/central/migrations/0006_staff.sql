-- Operational: state of an account beside its credentials. `must_change`: the password was given by
-- somebody else. Failures count wrong passwords in a row.
ALTER TABLE staff ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN password_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN locked_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN disabled_at INTEGER;
UPDATE staff SET password_at = created_at;

-- A session from before is older than any session may be: its owner signs in again.
ALTER TABLE staff_sessions ADD COLUMN began_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff_sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- Operational, at a hall node only: the roles that its centre told. `station` is '' for all.
CREATE TABLE node_roles (
    staff   TEXT NOT NULL,
    role    TEXT NOT NULL,
    station TEXT NOT NULL,
    PRIMARY KEY (staff, role, station)
) STRICT;

-- Derived: who holds which role, and who acts for whom. `station` is '' for all.
CREATE TABLE staff_roles (
    staff   TEXT NOT NULL,
    role    TEXT NOT NULL,
    station TEXT NOT NULL,
    PRIMARY KEY (staff, role, station)
) STRICT;

CREATE TABLE staff_deputies (
    staff     TEXT NOT NULL,
    for_staff TEXT NOT NULL,
    role      TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT NOT NULL,
    PRIMARY KEY (staff, for_staff, role)
) STRICT;

-- Derived, as the rest of the table; filled by the rebuild that follows a migration.
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN role TEXT;
ALTER TABLE audit ADD COLUMN station TEXT;
ALTER TABLE audit ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_staff ON audit (staff, position);
CREATE INDEX audit_by_act ON audit (act, position);
CREATE INDEX audit_by_subject ON audit (subject, position);
