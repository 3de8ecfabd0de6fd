-- Service guide, publicity lists, stations, gig work, policies and parameters come into the feed. They need
-- no table of their own: a migration fills the derived tables anew, and the rows with them.
SELECT 1;
