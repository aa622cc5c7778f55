-- Sign-ins under way at an identity provider: what the answer of the provider must fit.
--
-- What this table guarantees, whatever the application does:
--   * a sign-in that was begun lives 10 minutes, and that time is not the application's to choose;
--   * it is taken up by removing it, so of many answers at once one finds it, and none ever finds it again;
--   * nothing of it is ever changed, and the secret of whoever began it is kept only as a SHA-256 hash.

CREATE TYPE oidc_realm AS ENUM ('customer', 'staff');

CREATE TABLE oidc_sign_in (
  secret_hash   text PRIMARY KEY CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  -- Begun for customers is never finished for staff, or the other way round.
  realm         oidc_realm NOT NULL,
  state         text NOT NULL CHECK (length(state) >= 43),
  nonce         text NOT NULL CHECK (length(nonce) >= 43),
  code_verifier text NOT NULL CHECK (length(code_verifier) >= 43),
  expires_at    timestamptz NOT NULL DEFAULT now() + interval '10 minutes'
);
CREATE INDEX oidc_sign_in_by_age ON oidc_sign_in (expires_at);

GRANT SELECT, INSERT (secret_hash, realm, state, nonce, code_verifier), DELETE ON oidc_sign_in TO henkin_app;
