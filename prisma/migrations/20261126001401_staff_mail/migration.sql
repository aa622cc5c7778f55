-- Mails to members of staff about their own account: left by the change that makes them necessary, sent afterwards.
--
-- What this table guarantees, whatever the application does:
--   * a mail goes to the address that the account had when it was written, and to no other
--   * an address that was told, or given up, is forgotten; what was sent is never sent again

-- enrolment   a password and a second factor are to be chosen anew; the one-time token is made when it is sent
-- new_sign_in somebody signed in to the account from a device or an address that it did not know
CREATE TYPE staff_mail_kind AS ENUM ('enrolment', 'new_sign_in');

-- due         told, given_up
-- told, given_up   never left
CREATE TYPE staff_mail_status AS ENUM ('due', 'told', 'given_up');

CREATE TABLE staff_mail (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_id    uuid NOT NULL REFERENCES staff (id),
  kind        staff_mail_kind NOT NULL,
  address     text CHECK (address ~ '^[!-~]{1,64}@[!-~]{1,190}$'),
  -- From where somebody signed in; forgotten with the address.
  device       text CHECK (device ~ '^[ -~]{0,200}$'),
  from_address inet,
  message_id  text NOT NULL DEFAULT new_message_id(),
  status      staff_mail_status NOT NULL DEFAULT 'due',
  attempts    smallint NOT NULL DEFAULT 0,
  written_at  timestamptz NOT NULL DEFAULT now(),
  next_try_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT staff_mail_forgets_address CHECK ((status = 'due') = (address IS NOT NULL)),
  CONSTRAINT staff_mail_says_from_where CHECK ((kind = 'new_sign_in' AND status = 'due') = (num_nonnulls(device, from_address) = 2))
);
CREATE INDEX staff_mail_due ON staff_mail (next_try_at, id) WHERE status = 'due';
CREATE INDEX staff_mail_by_staff ON staff_mail (staff_id);

CREATE FUNCTION guard_staff_mail() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'due' OR (NEW.address IS NOT NULL AND NEW.address <> OLD.address) THEN
    PERFORM refuse('staff_mail_as_written', 'a mail goes to the address it was written for, until it is told or given up');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_mail_guard BEFORE UPDATE ON staff_mail FOR EACH ROW EXECUTE FUNCTION guard_staff_mail();
CREATE TRIGGER staff_mail_never_removed BEFORE DELETE OR TRUNCATE ON staff_mail
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT (staff_id, kind, address, device, from_address) ON staff_mail TO henkin_app;
GRANT UPDATE (status, address, device, from_address, attempts, next_try_at) ON staff_mail TO henkin_app;
