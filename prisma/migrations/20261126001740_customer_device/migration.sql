-- On which device which customers signed in: two customers on one device are looked at.
--
-- What is guaranteed here, whatever the application does:
--   * of a device only a keyed hash of its cookie is kept, and when it was first and last seen for a customer
--   * whether another customer was seen on it before is found out when the row is written, and never changes

ALTER TYPE work_item_kind ADD VALUE 'shared_device';

CREATE TABLE customer_device (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  device_hash   text NOT NULL CHECK (device_hash ~ '^[0-9a-f]{64}$'),
  holder_id     bigint NOT NULL REFERENCES holder (id),
  shared        boolean NOT NULL DEFAULT false,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT customer_device_once UNIQUE (device_hash, holder_id)
);
CREATE INDEX customer_device_shared ON customer_device (first_seen_at) WHERE shared;
CREATE INDEX customer_device_by_age ON customer_device (last_seen_at);

CREATE FUNCTION mark_shared_device() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Of two who sign in at once on one device, the second sees the first.
  PERFORM pg_advisory_xact_lock(hashtextextended('customer_device:' || NEW.device_hash, 0));
  NEW.shared := EXISTS (SELECT FROM customer_device WHERE device_hash = NEW.device_hash AND holder_id <> NEW.holder_id);
  RETURN NEW;
END $$;
CREATE TRIGGER customer_device_shared BEFORE INSERT ON customer_device FOR EACH ROW EXECUTE FUNCTION mark_shared_device();

GRANT SELECT, INSERT (device_hash, holder_id), UPDATE (last_seen_at), DELETE ON customer_device TO henkin_app;
