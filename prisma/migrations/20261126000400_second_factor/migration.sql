-- The second factor of staff: authenticator apps, passkeys, recovery codes, and the challenges that are answered with them.
--
-- What these tables guarantee, whatever the application does:
--   * nobody has a session without having enrolled a second factor first, nor when they do not work here today;
--   * a code of an authenticator app works once: the step of the last one is kept and only rises;
--   * a recovery code is kept only as a SHA-256 hash and works once;
--   * a passkey belongs to one account, and its signature counter never goes back;
--   * a challenge is answered once, in ten minutes, in five tries, and what was tried or answered never becomes untried.

-- An authenticator app. The secret is sealed with a key that the database does not have (AES-256-GCM, bound to the account).
CREATE TABLE staff_totp (
  staff_id       uuid PRIMARY KEY REFERENCES staff (id),
  sealed_secret  text NOT NULL CHECK (sealed_secret LIKE 'v1.%'),
  last_used_step bigint NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION guard_staff_totp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.last_used_step <= OLD.last_used_step THEN
    PERFORM refuse('staff_totp_once', 'a code works once, and none before it works any more');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_totp_guard BEFORE UPDATE ON staff_totp FOR EACH ROW EXECUTE FUNCTION guard_staff_totp();

-- A passkey or security key (WebAuthn): its public half.
CREATE TABLE staff_passkey (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  staff_id      uuid NOT NULL REFERENCES staff (id),
  credential_id text NOT NULL CONSTRAINT staff_passkey_credential_key UNIQUE CHECK (credential_id ~ '^[A-Za-z0-9_-]+$' AND length(credential_id) <= 1400),
  public_key    bytea NOT NULL,
  sign_count    bigint NOT NULL CHECK (sign_count >= 0),
  transports    text[] NOT NULL DEFAULT '{}',
  name          text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 50),
  created_at    timestamptz NOT NULL DEFAULT now(),
  last_used_at  timestamptz
);
CREATE INDEX staff_passkey_by_staff ON staff_passkey (staff_id);

CREATE FUNCTION guard_staff_passkey() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sign_count < OLD.sign_count THEN
    PERFORM refuse('staff_passkey_count_rises', 'the signature counter of a passkey never goes back');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_passkey_guard BEFORE UPDATE ON staff_passkey FOR EACH ROW EXECUTE FUNCTION guard_staff_passkey();

-- For whoever has lost the factor; shown once, when the first factor is enrolled.
CREATE TABLE staff_recovery_code (
  code_hash  text PRIMARY KEY CHECK (code_hash ~ '^[0-9a-f]{64}$'),
  staff_id   uuid NOT NULL REFERENCES staff (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz
);
CREATE INDEX staff_recovery_code_by_staff ON staff_recovery_code (staff_id);

CREATE FUNCTION guard_staff_recovery_code() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    PERFORM refuse('staff_recovery_code_once', 'a used recovery code never changes');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_recovery_code_guard BEFORE UPDATE ON staff_recovery_code
  FOR EACH ROW EXECUTE FUNCTION guard_staff_recovery_code();

-- What a second factor is asked for:
--   sign_in     the password was right (password_hash says which); the answer opens a session
--   activation  a new or reset account has chosen a password (password_hash); the answer sets it and opens a session
--   enrolment   somebody signed in adds a factor
--   step_up     somebody signed in proves the factor again
CREATE TYPE staff_challenge_purpose AS ENUM ('sign_in', 'activation', 'enrolment', 'step_up');

CREATE TABLE staff_challenge (
  token_hash         text PRIMARY KEY CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  staff_id           uuid NOT NULL REFERENCES staff (id),
  purpose            staff_challenge_purpose NOT NULL,
  -- What a passkey has to sign; random, for this challenge only.
  passkey_challenge  text NOT NULL CHECK (passkey_challenge ~ '^[A-Za-z0-9_-]{43}$'),
  -- The secret that was offered for an authenticator app, where one may be enrolled.
  sealed_totp_secret text CHECK (sealed_totp_secret LIKE 'v1.%'),
  password_hash      text CHECK (password_hash LIKE '$argon2id$%'),
  activation_hash    text CHECK (activation_hash ~ '^[0-9a-f]{64}$'),
  session_id         uuid REFERENCES staff_session (id) ON DELETE CASCADE,
  tries              smallint NOT NULL DEFAULT 0 CONSTRAINT staff_challenge_five_tries CHECK (tries BETWEEN 0 AND 5),
  created_at         timestamptz NOT NULL DEFAULT now(),
  -- Not the application's to choose.
  expires_at         timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
  answered_at        timestamptz CONSTRAINT staff_challenge_answered_in_time CHECK (answered_at < expires_at),
  CONSTRAINT staff_challenge_knows_the_password CHECK ((password_hash IS NOT NULL) = (purpose IN ('sign_in', 'activation'))),
  CONSTRAINT staff_challenge_knows_the_activation CHECK ((activation_hash IS NOT NULL) = (purpose = 'activation')),
  CONSTRAINT staff_challenge_knows_the_session CHECK ((session_id IS NOT NULL) = (purpose IN ('enrolment', 'step_up'))),
  CONSTRAINT staff_challenge_offers_where_enrolled CHECK (sealed_totp_secret IS NULL OR purpose IN ('activation', 'enrolment'))
);
CREATE INDEX staff_challenge_by_age ON staff_challenge (created_at);
CREATE INDEX staff_challenge_by_session ON staff_challenge (session_id);

CREATE FUNCTION guard_staff_challenge() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.answered_at IS NOT NULL THEN
    PERFORM refuse('staff_challenge_once', 'an answered challenge never changes');
  END IF;
  IF NEW.tries < OLD.tries THEN
    PERFORM refuse('staff_challenge_tries_count', 'tries are never taken back');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_challenge_guard BEFORE UPDATE ON staff_challenge FOR EACH ROW EXECUTE FUNCTION guard_staff_challenge();

-- A password alone opens nothing, even if the application forgets to ask for more.
CREATE FUNCTION guard_staff_session() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM staff_totp WHERE staff_id = NEW.staff_id)
     AND NOT EXISTS (SELECT FROM staff_passkey WHERE staff_id = NEW.staff_id) THEN
    PERFORM refuse('staff_session_needs_second_factor', 'this account has no second factor yet');
  END IF;
  IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.staff_id AND works_today(status, last_day)) THEN
    PERFORM refuse('staff_session_of_active_staff', 'this account is disabled, or its last day is over');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_session_guard BEFORE INSERT ON staff_session FOR EACH ROW EXECUTE FUNCTION guard_staff_session();

GRANT SELECT ON staff_totp, staff_passkey, staff_recovery_code, staff_challenge TO henkin_app;
GRANT INSERT (staff_id, sealed_secret, last_used_step), UPDATE (last_used_step), DELETE ON staff_totp TO henkin_app;
GRANT INSERT (staff_id, credential_id, public_key, sign_count, transports, name), UPDATE (sign_count, last_used_at), DELETE ON staff_passkey TO henkin_app;
GRANT INSERT (code_hash, staff_id), UPDATE (used_at), DELETE ON staff_recovery_code TO henkin_app;
GRANT INSERT (token_hash, staff_id, purpose, passkey_challenge, sealed_totp_secret, password_hash, activation_hash, session_id),
  UPDATE (tries, answered_at), DELETE ON staff_challenge TO henkin_app;
