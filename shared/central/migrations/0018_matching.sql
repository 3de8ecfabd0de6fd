-- Which records changed since a place in the record of events: what is weighed for matching is kept
-- in memory and made anew only where something changed.
CREATE INDEX case_events_by_position ON case_events (position);
