-- How customers prove who they are: one-time codes by mail, sessions, and the record of each sign-in.
--
-- What these tables guarantee, whatever the application does:
--   * a code is kept only as a keyed hash, is tried at most 5 times, lives 10 minutes and signs in once;
--   * what was tried or used never becomes untried or unused;
--   * a refresh token is kept only as a SHA-256 hash, and of a session exactly one is unspent;
--   * that somebody signed in is written once and never changes.

-- One question for a code. It is written alike for addresses that belong to nobody (holder_id is NULL), so that neither
-- the answer nor its time tells whose addresses are known. `shared` says that several holders have the address: they
-- are told by mail to name their customer number too, and get no code.
CREATE TABLE customer_code (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  holder_id  bigint REFERENCES holder (id),
  shared     boolean NOT NULL DEFAULT false,
  code_hash  text CHECK (code_hash ~ '^[0-9a-f]{64}$'),
  tries      smallint NOT NULL DEFAULT 0 CONSTRAINT customer_code_five_tries CHECK (tries BETWEEN 0 AND 5),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Not the application's to choose.
  expires_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
  used_at    timestamptz,
  CONSTRAINT customer_code_of_somebody CHECK ((code_hash IS NULL AND used_at IS NULL) OR (holder_id IS NOT NULL AND NOT shared)),
  CONSTRAINT customer_code_used_in_time CHECK (used_at IS NULL OR (code_hash IS NOT NULL AND used_at < expires_at))
);
CREATE INDEX customer_code_by_age ON customer_code (created_at);

CREATE FUNCTION guard_customer_code() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    PERFORM refuse('customer_code_once', 'a used code never changes');
  END IF;
  IF NEW.tries < OLD.tries THEN
    PERFORM refuse('customer_code_tries_count', 'tries are never taken back');
  END IF;
  IF NEW.used_at IS NOT NULL AND NEW.code_hash IS DISTINCT FROM OLD.code_hash THEN
    PERFORM refuse('customer_code_as_mailed', 'only a code that was mailed before is used');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customer_code_guard BEFORE UPDATE ON customer_code
  FOR EACH ROW EXECUTE FUNCTION guard_customer_code();

-- For finding who a typed address belongs to.
CREATE INDEX holder_by_email ON holder (lower(email));

-- code    a one-time code sent to the address on record
-- openid  the exchange's own identity provider
CREATE TYPE customer_sign_in_method AS ENUM ('code', 'openid');

CREATE TABLE customer_sign_in (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id bigint NOT NULL REFERENCES holder (id),
  at        timestamptz NOT NULL DEFAULT now(),
  method    customer_sign_in_method NOT NULL
);
CREATE INDEX customer_sign_in_by_holder ON customer_sign_in (holder_id, id);
CREATE TRIGGER customer_sign_in_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON customer_sign_in
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- A sign-in and all that follows from it, with the same reasons to end as a session of staff.
CREATE TABLE customer_session (
  id         uuid PRIMARY KEY DEFAULT uuidv7(),
  holder_id  bigint NOT NULL REFERENCES holder (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Long enough to read everything, short enough for a machine that others use; not the application's to choose.
  expires_at timestamptz NOT NULL DEFAULT now() + interval '2 hours',
  ended_at   timestamptz,
  end_reason session_end,
  CONSTRAINT customer_session_ends_for_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX customer_session_by_age ON customer_session (created_at);

CREATE TABLE customer_refresh_token (
  token_hash text PRIMARY KEY CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  session_id uuid NOT NULL REFERENCES customer_session (id) ON DELETE CASCADE,
  rotated_at timestamptz
);
CREATE INDEX customer_refresh_token_by_session ON customer_refresh_token (session_id);
CREATE UNIQUE INDEX customer_refresh_token_one_unspent ON customer_refresh_token (session_id) WHERE rotated_at IS NULL;

-- A customer's state remembers batches that have let the claim go again; only those rows are in this index.
CREATE INDEX credit_batch_item_skipped_by_claim ON credit_batch_item (claim_id) WHERE skip_reason IS NOT NULL;

GRANT SELECT ON customer_code, customer_sign_in, customer_session, customer_refresh_token TO henkin_app;
GRANT INSERT (holder_id, shared), UPDATE (code_hash, tries, used_at), DELETE ON customer_code TO henkin_app;
GRANT INSERT (holder_id, method) ON customer_sign_in TO henkin_app;
GRANT INSERT (holder_id), UPDATE (ended_at, end_reason), DELETE ON customer_session TO henkin_app;
GRANT INSERT (token_hash, session_id), UPDATE (rotated_at) ON customer_refresh_token TO henkin_app;
