-- Holders who are all new are written straight into their tables, with ids that are reserved beforehand.
GRANT USAGE ON SEQUENCE holder_id_seq TO henkin_app;

-- The references of what an import writes, proven for a whole statement as before. The ids of one statement lie close
-- together, so only the holders between them are looked at, and each statement is planned for its own size: an import is
-- written before anything is known about the sizes of its tables, and comparing every row with every other is never right.
CREATE OR REPLACE FUNCTION guard_frozen_balance_change() RETURNS trigger
LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
  span record;
  all_right boolean;
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT snapshot_id FROM changed) AS c LEFT JOIN snapshot s ON s.id = c.snapshot_id
             WHERE s.status IS DISTINCT FROM 'importing') THEN
    PERFORM refuse('frozen_balance_only_while_importing', 'rows are written and removed only while their snapshot is imported');
  END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT count(*) AS balances, min(holder_id) AS lowest, max(holder_id) AS highest INTO span FROM changed;
    EXECUTE 'SELECT count(*) = $1 FROM changed c JOIN holder h ON h.id = c.holder_id AND h.id BETWEEN $2 AND $3'
    INTO all_right USING span.balances, span.lowest, span.highest;
    IF NOT all_right THEN
      PERFORM refuse('frozen_balance_of_a_holder', 'a frozen balance belongs to a holder');
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guard_holder_search_key() RETURNS trigger
LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
  span record;
  all_right boolean;
BEGIN
  SELECT count(*) AS keys, min(holder_id) AS lowest, max(holder_id) AS highest INTO span FROM changed;
  EXECUTE 'SELECT count(*) = $1 FROM changed c JOIN holder h ON h.id = c.holder_id AND h.id BETWEEN $2 AND $3'
  INTO all_right USING span.keys, span.lowest, span.highest;
  IF NOT all_right THEN
    PERFORM refuse('holder_search_key_of_a_holder', 'a search key belongs to a holder');
  END IF;
  RETURN NULL;
END $$;
