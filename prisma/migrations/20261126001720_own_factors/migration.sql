-- People add, change and remove their own second factors while they are signed in, and are told of it by mail.
--
-- What is guaranteed here, whatever the application does:
--   * the secret of an authenticator app gives way to another only as a whole; of one secret, codes still work once
--   * a mail about changed factors says from where it was done

-- factor_added            a passkey, or an authenticator app in place of the former one
-- factor_removed          a passkey or the authenticator app
-- recovery_codes_renewed  the former codes work no more
ALTER TYPE staff_mail_kind ADD VALUE 'factor_added';
ALTER TYPE staff_mail_kind ADD VALUE 'factor_removed';
ALTER TYPE staff_mail_kind ADD VALUE 'recovery_codes_renewed';

ALTER TABLE staff_mail DROP CONSTRAINT staff_mail_says_from_where;
ALTER TABLE staff_mail ADD CONSTRAINT staff_mail_says_from_where
  CHECK ((kind <> 'enrolment' AND status = 'due') = (num_nonnulls(device, from_address) = 2));

CREATE OR REPLACE FUNCTION guard_staff_totp() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed_secret = OLD.sealed_secret AND NEW.last_used_step <= OLD.last_used_step THEN
    PERFORM refuse('staff_totp_once', 'a code works once, and none before it works any more');
  END IF;
  RETURN NEW;
END $$;

GRANT UPDATE (sealed_secret, created_at) ON staff_totp TO henkin_app;
