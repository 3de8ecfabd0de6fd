-- Derived: what somebody outside must be told about a record. Neither name nor number stands here.
CREATE TABLE outreach (
    outreach   TEXT    PRIMARY KEY,
    record     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    way        TEXT    NOT NULL,
    words      TEXT    NOT NULL,
    needed     TEXT    NOT NULL,
    useful_to  TEXT,
    planned_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    calls      INTEGER NOT NULL DEFAULT 0,
    last       TEXT,
    settled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX outreach_open ON outreach (way, due_at) WHERE settled_at IS NULL;
CREATE INDEX outreach_by_record ON outreach (record);

-- Derived: what came of each contact.
CREATE TABLE outreach_contacts (
    position INTEGER PRIMARY KEY,
    outreach TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    way      TEXT    NOT NULL,
    result   TEXT    NOT NULL,
    again_at INTEGER,
    by       TEXT
) STRICT;

CREATE INDEX outreach_contacts_by_outreach ON outreach_contacts (outreach);
CREATE INDEX outreach_contacts_by_result ON outreach_contacts (result, at);

-- Derived: numbers that take no messages, by the keyed hash under which they are looked up.
CREATE TABLE outreach_opt_outs (
    number TEXT    PRIMARY KEY,
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived: what citizens said about the service, sealed to the centre.
CREATE TABLE feedback (
    feedback TEXT    PRIMARY KEY,
    hall     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    about    TEXT    NOT NULL,
    text     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_by_time ON feedback (at);

-- Operational: how often a message was tried, and when it is tried again.
CREATE TABLE outreach_attempts (
    outreach TEXT    PRIMARY KEY,
    attempts INTEGER NOT NULL,
    next_at  INTEGER NOT NULL,
    fault    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Operational: idempotency keys of what kiosks asked for, with a keyed hash of the body.
CREATE TABLE citizen_requests (
    request TEXT    PRIMARY KEY,
    body    TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX citizen_requests_by_time ON citizen_requests (at);
