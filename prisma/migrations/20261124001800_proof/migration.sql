-- Merkle-sum trees over what each customer is owed and was credited, for customers to check.
--
-- What these tables guarantee, whatever the application does:
--   * a tree is written once, whole, with totals equal to the amounts it was built over, and never changes
--   * each sealed snapshot and each finished batch has at most one
--   * no amount is negative or beyond what the verifier accepts

CREATE TYPE proof_cause AS ENUM ('snapshot', 'credit_batch');

CREATE TABLE proof_tree (
  id                 uuid PRIMARY KEY DEFAULT uuidv7(),
  cause              proof_cause NOT NULL,
  cause_id           text NOT NULL,
  as_of              timestamptz NOT NULL,
  root               text NOT NULL CONSTRAINT proof_tree_root_hex CHECK (root ~ '^[0-9a-f]{64}$'),
  leaf_count         integer NOT NULL CONSTRAINT proof_tree_leaf_count CHECK (leaf_count >= 2),
  customer_count     integer NOT NULL,
  quantity_micro_xem bigint NOT NULL CONSTRAINT proof_tree_quantity_range CHECK (quantity_micro_xem >= 0),
  claim_jpy          bigint NOT NULL CONSTRAINT proof_tree_claim_range CHECK (claim_jpy >= 0),
  credited_jpy       bigint NOT NULL CONSTRAINT proof_tree_credited_range CHECK (credited_jpy >= 0),
  -- All salts follow from it: never shown.
  secret             bytea NOT NULL CONSTRAINT proof_tree_secret_length CHECK (length(secret) = 32),
  CONSTRAINT proof_tree_once_per_cause UNIQUE (cause, cause_id)
);

-- What each customer had when the tree was built.
CREATE TABLE proof_amount (
  tree_id            uuid NOT NULL REFERENCES proof_tree (id) DEFERRABLE INITIALLY DEFERRED,
  holder_id          bigint NOT NULL REFERENCES holder (id),
  quantity_micro_xem bigint NOT NULL CONSTRAINT proof_amount_quantity_range CHECK (quantity_micro_xem >= 0),
  claim_jpy          bigint NOT NULL CONSTRAINT proof_amount_claim_range CHECK (claim_jpy >= 0),
  credited_jpy       bigint NOT NULL CONSTRAINT proof_amount_credited_range CHECK (credited_jpy BETWEEN 0 AND claim_jpy),
  PRIMARY KEY (tree_id, holder_id)
);

-- Every eighth level of a tree in pieces of up to 256 nodes; the levels between are computed when a path is read.
CREATE TABLE proof_chunk (
  tree_id    uuid NOT NULL REFERENCES proof_tree (id) DEFERRABLE INITIALLY DEFERRED,
  level      integer NOT NULL,
  seq        integer NOT NULL,
  -- Leaves stand in the order of their hashes, so the piece of a leaf is found by it.
  first_hash bytea NOT NULL,
  nodes      bytea NOT NULL CONSTRAINT proof_chunk_whole_nodes CHECK (length(nodes) BETWEEN 56 AND 14336 AND length(nodes) % 56 = 0),
  PRIMARY KEY (tree_id, level, seq)
);
ALTER TABLE proof_chunk ALTER COLUMN nodes SET STORAGE EXTERNAL;
CREATE INDEX proof_chunk_by_leaf ON proof_chunk (tree_id, level, first_hash);

-- The tree is written last: once it stands, nothing is added to it.
CREATE FUNCTION guard_proof_addition() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM proof_tree t WHERE t.id IN (SELECT DISTINCT tree_id FROM added)) THEN
    PERFORM refuse('proof_tree_is_whole', 'nothing is added to a tree that stands');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER proof_amount_guard_insert AFTER INSERT ON proof_amount
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_proof_addition();
CREATE TRIGGER proof_chunk_guard_insert AFTER INSERT ON proof_chunk
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_proof_addition();

CREATE FUNCTION guard_proof_tree_totals() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added t, LATERAL (
               SELECT count(*) AS customers, sum(a.quantity_micro_xem) AS quantity, sum(a.claim_jpy) AS claim, sum(a.credited_jpy) AS credited
               FROM proof_amount a WHERE a.tree_id = t.id) AS amounts
             WHERE (t.customer_count, t.quantity_micro_xem, t.claim_jpy, t.credited_jpy, t.leaf_count)
                   IS DISTINCT FROM (customers, quantity, claim, credited, 2 * customers)) THEN
    PERFORM refuse('proof_tree_totals', 'a tree has the totals of the amounts it was built over');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER proof_tree_guard_totals AFTER INSERT ON proof_tree
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_proof_tree_totals();

CREATE TRIGGER proof_tree_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_tree
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER proof_amount_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_amount
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER proof_chunk_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON proof_chunk
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT ON proof_tree, proof_amount, proof_chunk TO henkin_app;
