-- Derived, and the only place where names are plain: one row per way to type a name, in whole or by
-- initials. One tree with short rows: a registration writes to it at two or three random places,
-- where an index for each of name, initials and letters took one more for each.
DROP TABLE person_search;

CREATE TABLE person_search (
    spelling TEXT NOT NULL,
    person   TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (spelling, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_search_by_person ON person_search (person);
