-- However much was written at once, a round of the watch compares a portion of it, gives its sign of life, and the next round goes
-- on from there: a sweep, whose beginning and whose way through each table are kept.
ALTER TABLE watch_position
  -- What these transactions wrote has been compared, though older ones than they were still under way. One that lasts for minutes,
  -- such as the building of a proof tree, would otherwise have everything compared again and again that is credited meanwhile.
  ADD COLUMN compared_xids        bigint[] NOT NULL DEFAULT '{}',
  -- This and all later transactions had not begun when the sweep did: what they write is for the next one. 0 between two sweeps.
  ADD COLUMN sweep_until_xid      bigint NOT NULL DEFAULT 0,
  -- All before this one were over when it began: what is compared once it is done, together with what these others wrote.
  ADD COLUMN sweep_oldest_xid     bigint NOT NULL DEFAULT 0,
  ADD COLUMN sweep_writer_xids    bigint[] NOT NULL DEFAULT '{}',
  -- The newest transfer when it began: what the watch has seen once it is done.
  ADD COLUMN sweep_transfer_id    bigint NOT NULL DEFAULT 0,
  -- Rows up to these ids are done.
  ADD COLUMN sweep_wallet_after   bigint NOT NULL DEFAULT 0,
  ADD COLUMN sweep_claim_after    bigint NOT NULL DEFAULT 0,
  ADD COLUMN sweep_transfer_after bigint NOT NULL DEFAULT 0;

GRANT UPDATE (compared_xids, sweep_until_xid, sweep_oldest_xid, sweep_writer_xids, sweep_transfer_id, sweep_wallet_after, sweep_claim_after, sweep_transfer_after)
  ON watch_position TO henkin_watch;
