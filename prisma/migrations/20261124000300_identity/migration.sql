-- Who works here, how they prove it, and which customers they must not decide about.
--
-- What these tables guarantee, whatever the application does:
--   * a login exists once, whatever its letter case, and no account is ever removed: others' decisions point to it;
--   * a customer number belongs to one account, so that nobody is two people;
--   * a password is kept only as an argon2id hash, a one-time token only as a SHA-256 hash;
--   * an account that waits for its activation has no password;
--   * of a session exactly one refresh token is unspent: of many parallel refreshes one wins;
--   * whoever is disabled, or whose last day is over in Japan, opens no session.

CREATE TYPE staff_role AS ENUM (
  'support_agent', 'team_lead', 'claims_officer', 'compliance', 'finance_maker', 'finance_checker', 'auditor', 'administrator');

-- active ⇄ disabled: a disabled account keeps its history and can be used for nothing.
CREATE TYPE staff_status AS ENUM ('active', 'disabled');

CREATE TABLE staff (
  id                    uuid PRIMARY KEY DEFAULT uuidv7(),
  login                 text NOT NULL CONSTRAINT staff_login_key UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$'),
  display_name          text NOT NULL CHECK (length(btrim(display_name)) BETWEEN 1 AND 100),
  role                  staff_role NOT NULL,
  status                staff_status NOT NULL DEFAULT 'active',
  customer_no           text CONSTRAINT staff_customer_no_key UNIQUE CHECK (customer_no ~ '^[!-~]{1,64}$'),
  password_hash         text CHECK (password_hash LIKE '$argon2id$%'),
  activation_hash       text CONSTRAINT staff_activation_hash_key UNIQUE CHECK (activation_hash ~ '^[0-9a-f]{64}$'),
  activation_expires_at timestamptz,
  created_at            timestamptz NOT NULL DEFAULT now(),
  -- Whose people they are, where they sit, how they are reached; contractors' staff come and go by the hundred.
  employer              text CHECK (length(btrim(employer)) BETWEEN 1 AND 100),
  team                  text CHECK (length(btrim(team)) BETWEEN 1 AND 100),
  mail                  text CHECK (mail ~ '^[!-~]{1,64}@[!-~]{1,190}$'),
  -- In Japan; on the day after it all access has ended, without anybody doing anything.
  last_day              date,
  CONSTRAINT staff_activation_expires CHECK ((activation_hash IS NULL) = (activation_expires_at IS NULL)),
  CONSTRAINT staff_activation_before_password CHECK (activation_hash IS NULL OR password_hash IS NULL)
);

-- The one question that whatever admits a person asks.
CREATE FUNCTION works_today(status staff_status, last_day date) RETURNS boolean
LANGUAGE sql STABLE
RETURN status = 'active' AND (last_day IS NULL OR last_day >= (now() AT TIME ZONE 'Asia/Tokyo')::date);

-- Decisions and the trail name people for as long as they are kept, so not even the owner of the table removes one.
CREATE FUNCTION staff_is_never_removed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'HK001', CONSTRAINT = 'staff_never_removed',
    MESSAGE = format('%s of staff is not allowed: disable the account instead', TG_OP);
END $$;
CREATE TRIGGER staff_never_removed BEFORE DELETE OR TRUNCATE ON staff
  FOR EACH STATEMENT EXECUTE FUNCTION staff_is_never_removed();

-- Relatives whom a member of staff has declared, so that nobody decides about their family's money.
CREATE TABLE staff_relative (
  staff_id    uuid NOT NULL REFERENCES staff (id),
  customer_no text NOT NULL CHECK (customer_no ~ '^[!-~]{1,64}$'),
  relation    text NOT NULL CHECK (length(btrim(relation)) BETWEEN 1 AND 50),
  PRIMARY KEY (staff_id, customer_no)
);

-- The one question that every guard about one's own money asks.
CREATE VIEW staff_interest AS
  SELECT id AS staff_id, customer_no FROM staff WHERE customer_no IS NOT NULL
  UNION
  SELECT staff_id, customer_no FROM staff_relative;

-- A sign-in and all that follows from it. It ends by itself at expires_at, or before, for one of these reasons:
--   signed_out  by the person
--   replayed    a refresh token that was already spent came again: someone has a copy
--   disabled    the account was disabled
--   reset       an administrator started a reset of the password
CREATE TYPE session_end AS ENUM ('signed_out', 'replayed', 'disabled', 'reset');

CREATE TABLE staff_session (
  id         uuid PRIMARY KEY DEFAULT uuidv7(),
  staff_id   uuid NOT NULL REFERENCES staff (id),
  address    inet NOT NULL,
  -- What the browser or program says of itself, so that its owner recognises it in a list.
  device     text NOT NULL DEFAULT '' CHECK (device ~ '^[ -~]{0,200}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When the second factor was last proven: what moves money asks for it again after some minutes.
  proven_at  timestamptz NOT NULL DEFAULT now(),
  -- Longer than the longest shift, and not the application's to choose.
  expires_at timestamptz NOT NULL DEFAULT now() + interval '12 hours',
  ended_at   timestamptz,
  end_reason session_end,
  CONSTRAINT staff_session_ends_for_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX staff_session_by_staff ON staff_session (staff_id, address);

-- The refresh tokens of a session, spent ones too: only so is a replayed one recognised.
CREATE TABLE staff_refresh_token (
  token_hash text PRIMARY KEY CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  session_id uuid NOT NULL REFERENCES staff_session (id) ON DELETE CASCADE,
  issued_at  timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz
);
CREATE INDEX staff_refresh_token_by_session ON staff_refresh_token (session_id);
CREATE UNIQUE INDEX staff_refresh_token_one_unspent ON staff_refresh_token (session_id) WHERE rotated_at IS NULL;

-- Counters of failed sign-ins. The shape is the one that rate-limiter-flexible expects; keys are hashed by the application.
CREATE TABLE sign_in_throttle (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

GRANT SELECT ON staff, staff_relative, staff_interest, staff_session, staff_refresh_token, sign_in_throttle TO henkin_app;
GRANT INSERT (id, login, display_name, role, status, customer_no, activation_hash, activation_expires_at, employer, team, mail, last_day) ON staff TO henkin_app;
GRANT UPDATE (role, status, customer_no, password_hash, activation_hash, activation_expires_at, employer, team, mail, last_day) ON staff TO henkin_app;
GRANT INSERT, DELETE ON staff_relative TO henkin_app;
GRANT INSERT (staff_id, address, device), DELETE ON staff_session TO henkin_app;
GRANT UPDATE (proven_at, ended_at, end_reason) ON staff_session TO henkin_app;
GRANT INSERT (token_hash, session_id) ON staff_refresh_token TO henkin_app;
GRANT UPDATE (rotated_at) ON staff_refresh_token TO henkin_app;
GRANT INSERT, UPDATE, DELETE ON sign_in_throttle TO henkin_app;
