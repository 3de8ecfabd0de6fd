-- What somebody has to do about a board, and since when; and which characters of what it plays a
-- board does not have. All derived.
ALTER TABLE boards ADD COLUMN needs TEXT;
ALTER TABLE boards ADD COLUMN needs_since INTEGER;

CREATE TABLE board_replacements (
    device     TEXT NOT NULL,
    board      TEXT NOT NULL,
    what       TEXT NOT NULL,
    item       TEXT NOT NULL,
    characters TEXT NOT NULL,
    PRIMARY KEY (device, board, what, item)
) STRICT, WITHOUT ROWID;
