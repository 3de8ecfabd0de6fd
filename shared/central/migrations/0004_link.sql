-- The link: clocks by runs, events that wait for what is missing before them, the signed tails that
-- a hall node relays, what devices say of themselves, and a feed that can be compacted.
ALTER TABLE contacts ADD COLUMN clock_since_seq INTEGER NOT NULL DEFAULT 0;
-- The key that signed the tail; absent: the one that the device was enrolled with.
ALTER TABLE contacts ADD COLUMN signed_by BLOB;

-- Events beyond a gap in their chain, within a bound. They join the record when the gap is filled.
CREATE TABLE held_events (
    writer    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    text      TEXT    NOT NULL,
    signature BLOB,
    received  INTEGER NOT NULL,
    PRIMARY KEY (writer, seq)
) STRICT, WITHOUT ROWID;

-- On a hall node: the end of every push with its writer's signature, for the centre.
CREATE TABLE checkpoints (
    writer    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    PRIMARY KEY (writer, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_status (
    device TEXT    PRIMARY KEY,
    status TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

-- Rows that came from the centre to a hall node; not derived from the node's record.
ALTER TABLE feed ADD COLUMN is_relayed INTEGER NOT NULL DEFAULT 0;
-- When a tombstone was put, so that it can be taken out later.
ALTER TABLE feed ADD COLUMN buried_at INTEGER;

-- Feed positions that a restored store once told and has lost.
CREATE TABLE lost_positions (
    after INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- When a device's key began to hold; derived like the rest of the table.
ALTER TABLE devices ADD COLUMN key_since INTEGER NOT NULL DEFAULT 0;
UPDATE devices SET key_since = enrolled_at;
