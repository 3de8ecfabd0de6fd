-- Boards: which there are and what they are (as their drivers say), since when one is silent, what
-- was approved for them, what they played, and the times in which everything was withdrawn from
-- them. All derived.
CREATE TABLE board_descriptions (
    device      TEXT NOT NULL,
    board       TEXT NOT NULL,
    hall        TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (device, board)
) STRICT, WITHOUT ROWID;

-- The last word of the board itself, and since when it has none.
ALTER TABLE boards ADD COLUMN heard_at INTEGER;
ALTER TABLE boards ADD COLUMN offline_since INTEGER;

-- What a named person let on the boards; of listings that stands in case_listings.
CREATE TABLE board_items (
    item         TEXT    PRIMARY KEY,
    title        TEXT    NOT NULL,
    published_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE board_airings (
    device    TEXT    NOT NULL,
    board     TEXT    NOT NULL,
    what      TEXT    NOT NULL,
    item      TEXT    NOT NULL,
    from_at   INTEGER NOT NULL,
    hall      TEXT    NOT NULL,
    words     TEXT    NOT NULL,
    until_at  INTEGER,
    sent      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    believed  INTEGER NOT NULL,
    PRIMARY KEY (device, board, what, item, from_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX board_airings_by_time ON board_airings (from_at);
CREATE INDEX board_airings_by_item ON board_airings (item, from_at);

CREATE TABLE board_clearings (
    hall        TEXT    NOT NULL,
    cleared_at  INTEGER NOT NULL,
    cleared_by  TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    restored_at INTEGER,
    restored_by TEXT,
    PRIMARY KEY (hall, cleared_at)
) STRICT, WITHOUT ROWID;
