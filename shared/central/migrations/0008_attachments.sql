-- Operational: what is attached to records. The content is in the file `attachments/ab/cdef…`, whose
-- SHA-256 is its name, sealed under a key of its own. That key stands here, wrapped by the key of
-- its person or, without a person, by the master key; it goes when the person is erased.
CREATE TABLE attachments (
    sha256   TEXT    PRIMARY KEY,
    record   TEXT    NOT NULL,
    person   TEXT,
    wrapped  TEXT,
    -- keyed hash of the plain content, by which the same one is found at other records
    content  BLOB,
    mime     TEXT    NOT NULL,
    pages    INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    taken_at INTEGER NOT NULL,
    taken_by TEXT    NOT NULL,
    CHECK ((wrapped IS NULL) = (content IS NULL))
) STRICT;

CREATE UNIQUE INDEX attachments_by_content ON attachments (content, record);
CREATE INDEX attachments_by_person ON attachments (person);
