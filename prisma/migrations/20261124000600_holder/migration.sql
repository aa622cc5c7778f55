-- The people and companies who held the stolen currency: who they are and how to reach them. Quantities live in snapshot.
--
-- What these tables guarantee, whatever the application does:
--   * a customer number names one holder and never changes
--   * whatever changes about a person leaves the former values behind, with the time
--   * a verified holder has a name, a reading and a phone

CREATE TYPE holder_kind AS ENUM ('individual', 'corporate');
CREATE TYPE account_status AS ENUM ('open', 'restricted', 'closed', 'deceased');
CREATE TYPE identity_status AS ENUM ('none', 'submitted', 'returned', 'verified');
CREATE TYPE holder_language AS ENUM ('ja', 'en');

CREATE TABLE holder (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_no     text NOT NULL CONSTRAINT holder_customer_no_key UNIQUE CHECK (customer_no ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'),
  kind            holder_kind NOT NULL,
  name            text,
  name_kana       text,
  email           text,
  phone           text,
  birth_date      date,
  country         char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  language        holder_language NOT NULL,
  account_status  account_status NOT NULL,
  identity_status identity_status NOT NULL,
  -- Whom the identity provider calls this customer; null until the first sign-in there.
  oidc_subject    text CHECK (length(oidc_subject) BETWEEN 1 AND 255),
  created_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT holder_verified_is_complete CHECK (identity_status <> 'verified' OR (name IS NOT NULL AND name_kana IS NOT NULL AND phone IS NOT NULL
    AND (birth_date IS NOT NULL OR kind = 'corporate')))
);

-- What a holder was before each change.
CREATE TABLE holder_history (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id  bigint NOT NULL REFERENCES holder (id),
  changed_at timestamptz NOT NULL DEFAULT now(),
  before     jsonb NOT NULL
);
CREATE INDEX holder_history_by_holder ON holder_history (holder_id, id);

CREATE FUNCTION keep_holder_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.customer_no <> OLD.customer_no THEN
    PERFORM refuse('holder_customer_no_is_for_ever', 'a customer number never changes');
  END IF;
  INSERT INTO holder_history (holder_id, before) VALUES (OLD.id, to_jsonb(OLD));
  RETURN NEW;
END $$;
CREATE TRIGGER holder_keep_history BEFORE UPDATE ON holder
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_holder_history();
CREATE TRIGGER holder_never_removed BEFORE DELETE OR TRUNCATE ON holder
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER holder_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON holder_history
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_holder FOREIGN KEY (holder_id) REFERENCES holder (id);

GRANT SELECT, INSERT ON holder TO henkin_app;
GRANT UPDATE (kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status, oidc_subject) ON holder TO henkin_app;
GRANT SELECT ON holder_history TO henkin_app;
