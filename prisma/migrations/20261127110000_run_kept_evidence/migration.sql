-- A run keeps what its maker saw of the claims, and the instant at which it was seen, so that whoever looks at it later needs not
-- have it worked out anew while no claim has been written since. The last decision works the content hash out anew in any case.

ALTER TABLE approval_run
  -- What the claims said: amounts by group and power of ten, and the ten largest.
  ADD COLUMN preview jsonb NOT NULL DEFAULT '{}',
  -- How many claims there were at that instant, and the oldest transaction that was not over then. Runs from before have none, and
  -- all is worked out anew for them.
  ADD COLUMN mark_claims bigint NOT NULL DEFAULT 0,
  ADD COLUMN mark_xid xid8 NOT NULL DEFAULT '0',
  -- Set by the database alone: what is kept counts only in the row as it was first written.
  ADD COLUMN proposed_in xid8 NOT NULL DEFAULT '0';
ALTER TABLE approval_run ALTER COLUMN proposed_in SET DEFAULT pg_current_xact_id();

GRANT INSERT (preview, mark_claims, mark_xid) ON approval_run TO henkin_app;
