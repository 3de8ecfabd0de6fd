-- Events behind a checkpoint may be removed; the chain is verified from the checkpoint on.
CREATE TABLE checkpoint (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    hash       BLOB NOT NULL CHECK (length(hash) = 32),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    signature  BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

DROP TRIGGER event_is_never_removed;

CREATE TRIGGER event_is_removed_only_behind_a_checkpoint BEFORE DELETE ON event
WHEN old.seq > (SELECT coalesce(max(seq), 0) FROM checkpoint)
BEGIN
    SELECT RAISE(ABORT, 'only events behind a checkpoint may be removed');
END;
