-- Every row says which transaction wrote it: the watch compares, in every round, all wallets, claims and transfers that were
-- written since the round before, however many there are and whoever wrote them.

-- All transactions before this one were over when the last round looked: what they wrote has been compared.
ALTER TABLE watch_position ADD COLUMN compared_xid bigint NOT NULL DEFAULT 0;

GRANT UPDATE (compared_xid) ON watch_position TO henkin_watch;
-- Wallets and transfers it reads whole.
GRANT SELECT (xmin) ON claim TO henkin_watch;
