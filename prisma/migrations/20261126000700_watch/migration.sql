-- The kill switch (緊急停止) that stops all crediting, and the watch (監視) that compares what happens and pulls it.
--
-- What these tables guarantee, whatever the application does:
--   * while one pull is not released, and while the watch gives no sign of life, no claim is credited
--   * a pull is written once and waits for nobody: two pulls, or a pull and a release, never stand in each other's way
--   * only two people release, and only the very pulls that they were shown; one that came meanwhile stays pulled
--   * only the role of the watch says that it lives; the time of it is the database's, and a watch that beats without
--     comparing what is transferred counts as absent
--   * findings are written once, by the watch alone; the application may only report that the watch is absent
--
-- The watch's role henkin_watch reads what it compares, no personal data, and may do one thing to others: pull the switch.

-- person  somebody in finance or compliance   watch  what it found cannot be   server  a chunk did not add up
CREATE TYPE kill_switch_cause AS ENUM ('person', 'watch', 'server');

-- What two people agree to: these pulls, and why crediting may go on.
CREATE TABLE kill_switch_release (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pull_ids   bigint[] NOT NULL CHECK (cardinality(pull_ids) > 0),
  reason     text NOT NULL CHECK (length(btrim(reason)) BETWEEN 5 AND 500),
  made_by    uuid NOT NULL REFERENCES staff (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE kill_switch_pull (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cause      kill_switch_cause NOT NULL,
  pulled_by  uuid REFERENCES staff (id),
  reason     text NOT NULL CHECK (length(btrim(reason)) BETWEEN 5 AND 500),
  pulled_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  release_id bigint REFERENCES kill_switch_release (id),
  CONSTRAINT kill_switch_pull_names_its_person CHECK ((cause = 'person') = (pulled_by IS NOT NULL))
);
CREATE INDEX kill_switch_pull_open ON kill_switch_pull (id) WHERE release_id IS NULL;

CREATE FUNCTION kill_switch_release_hash(release kill_switch_release) RETURNS text
LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(jsonb_build_array(release.id, release.pull_ids, release.reason, release.made_by)::text, 'UTF8')), 'hex');

CREATE FUNCTION guard_kill_switch_pull() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.release_id IS NOT NULL THEN
      PERFORM refuse('kill_switch_pull_begins', 'a pull begins unreleased');
    END IF;
    IF NEW.cause = 'watch' AND current_user = 'henkin_app' THEN
      PERFORM refuse('kill_switch_pull_by_the_watch', 'the application does not pull in the name of the watch');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.release_id IS NOT NULL OR to_jsonb(NEW) - 'release_id' <> to_jsonb(OLD) - 'release_id' THEN
    PERFORM refuse('kill_switch_pull_written_once', 'a pull is released once and otherwise never changes');
  END IF;
  IF NOT EXISTS (SELECT FROM kill_switch_release r WHERE r.id = NEW.release_id AND NEW.id = ANY (r.pull_ids)
                 AND is_approved('kill_switch_release', r.id::text, kill_switch_release_hash(r))) THEN
    PERFORM refuse('kill_switch_release_needs_two', 'two people release exactly the pulls that they were shown');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kill_switch_pull_guard BEFORE INSERT OR UPDATE ON kill_switch_pull
  FOR EACH ROW EXECUTE FUNCTION guard_kill_switch_pull();
CREATE TRIGGER kill_switch_pull_never_removed BEFORE DELETE OR TRUNCATE ON kill_switch_pull
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER kill_switch_release_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kill_switch_release
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- The one thing that the watch may do to others, with its event in the audit trail. Said twice, it is done once.
CREATE FUNCTION pull_kill_switch(why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH pulled AS (
    INSERT INTO kill_switch_pull (cause, reason)
    SELECT 'watch', left(why, 500)
    WHERE NOT EXISTS (SELECT FROM kill_switch_pull WHERE release_id IS NULL AND cause = 'watch' AND reason = left(why, 500))
    RETURNING id, reason
  )
  INSERT INTO audit_event (actor_id, actor_role, request_id, action, subject_type, subject_id, after)
  SELECT 'watch', 'system', 'watch', 'kill_switch.pulled', 'kill_switch', id::text, jsonb_build_object('cause', 'watch', 'reason', reason) FROM pulled
$$;
REVOKE EXECUTE ON FUNCTION pull_kill_switch FROM PUBLIC;

-- The sign of life: when the watch had last compared everything that there was, and the newest transfer that it saw then.
CREATE TABLE watch_heartbeat (
  id          smallint PRIMARY KEY CONSTRAINT watch_heartbeat_is_one CHECK (id = 1),
  seen_at     timestamptz NOT NULL,
  transfer_id bigint NOT NULL
);
INSERT INTO watch_heartbeat VALUES (1, '-infinity', 0);

CREATE FUNCTION stamp_watch_heartbeat() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.transfer_id > (SELECT last_value FROM ledger_transfer_id_seq) THEN
    PERFORM refuse('watch_heartbeat_saw_what_there_is', 'no transfer with this number has been seen by anybody');
  END IF;
  NEW.seen_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER watch_heartbeat_stamp BEFORE UPDATE ON watch_heartbeat
  FOR EACH ROW EXECUTE FUNCTION stamp_watch_heartbeat();

-- How far the watch has come; it goes on there after a restart.
CREATE TABLE watch_position (
  id                 smallint PRIMARY KEY CONSTRAINT watch_position_is_one CHECK (id = 1),
  -- Transfers up to this id are all there and compared: nothing that committed late can come before it any more.
  settled_id         bigint NOT NULL DEFAULT 0,
  -- What the settled transfers add up to.
  funded_jpy         bigint NOT NULL DEFAULT 0,
  approved_jpy       bigint NOT NULL DEFAULT 0,
  withdrawn_jpy      bigint NOT NULL DEFAULT 0,
  credited_jpy       bigint NOT NULL DEFAULT 0,
  credited_count     bigint NOT NULL DEFAULT 0,
  -- The last release of the switch when they were added up: afterwards people may have put something right below.
  summed_at_release  bigint NOT NULL DEFAULT 0,
  -- The newest transfer of an earlier round, and the first transaction that had not begun then: once all before that have
  -- ended, everything up to the mark is settled.
  mark_id            bigint NOT NULL DEFAULT 0,
  mark_xid           bigint NOT NULL DEFAULT 0,
  -- The full comparisons go round and round in slices; the next one begins after these ids.
  wallet_after       bigint NOT NULL DEFAULT 0,
  claim_after        bigint NOT NULL DEFAULT 0,
  transfer_after     bigint NOT NULL DEFAULT 0,
  -- The newest link of the audit chain that it has seen: the chain only grows, and what is there stays.
  chain_seq          bigint NOT NULL DEFAULT 0,
  chain_hash         bytea
);
INSERT INTO watch_position (id) VALUES (1);

CREATE TABLE watch_alert (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind            text NOT NULL CHECK (kind ~ '^[a-z_]{1,60}$'),
  -- What was found, so that it is found once: `transfer:17`, `wallet:5:+100`.
  subject         text NOT NULL CHECK (subject ~ '^[A-Za-z0-9:+_.-]{1,120}$'),
  -- Identifiers, states and amounts; never personal data.
  evidence        jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'object'),
  -- Money is not as it must be: the switch was pulled first.
  stops_crediting boolean NOT NULL,
  raised_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT watch_alert_found_once UNIQUE (kind, subject)
);

CREATE FUNCTION guard_watch_alert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'henkin_app' AND (NEW.kind <> 'watch_absent' OR NEW.stops_crediting) THEN
    PERFORM refuse('watch_alert_by_the_watch', 'the application only reports that the watch is absent');
  END IF;
  NEW.raised_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER watch_alert_guard BEFORE INSERT ON watch_alert FOR EACH ROW EXECUTE FUNCTION guard_watch_alert();
CREATE TRIGGER watch_alert_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON watch_alert
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Who was told of an alert, and how.
CREATE TYPE watch_channel AS ENUM ('mail', 'webhook', 'work_item');
CREATE TABLE watch_notice (
  alert_id bigint NOT NULL REFERENCES watch_alert (id),
  channel  watch_channel NOT NULL,
  sent_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (alert_id, channel)
);
CREATE TRIGGER watch_notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON watch_notice
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Does the watch live? It beat within 15 seconds, and what was transferred more than a minute ago it has seen.
CREATE FUNCTION watch_lives() RETURNS boolean
LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM watch_heartbeat h
    WHERE h.id = 1 AND h.seen_at > clock_timestamp() - interval '15 seconds'
      AND (SELECT t.created_at FROM ledger_transfer t WHERE t.id > h.transfer_id ORDER BY t.id LIMIT 1) < clock_timestamp() - interval '60 seconds' IS NOT TRUE)
$$;

-- Why nothing may be credited now, or NULL. One probe of an index for the switch, two for the watch.
CREATE FUNCTION crediting_obstacle() RETURNS text
LANGUAGE sql AS $$
  SELECT CASE
    WHEN EXISTS (SELECT FROM kill_switch_pull WHERE release_id IS NULL) THEN 'kill_switch_pulled'
    WHEN NOT watch_lives() THEN 'watch_absent'
  END
$$;

-- Asked by the guard over credits, once for each statement.
CREATE FUNCTION assert_crediting_goes_on() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  obstacle text := crediting_obstacle();
BEGIN
  IF obstacle IS NOT NULL THEN
    PERFORM refuse('crediting_' || obstacle, 'nothing is credited while the kill switch is pulled or the watch is absent');
  END IF;
END $$;

GRANT SELECT ON kill_switch_pull, kill_switch_release, watch_heartbeat, watch_position, watch_alert, watch_notice TO henkin_app;
GRANT INSERT (cause, pulled_by, reason), UPDATE (release_id) ON kill_switch_pull TO henkin_app;
GRANT INSERT (pull_ids, reason, made_by) ON kill_switch_release TO henkin_app;
GRANT INSERT (kind, subject, evidence, stops_crediting) ON watch_alert TO henkin_app;
GRANT INSERT (alert_id, channel) ON watch_notice TO henkin_app;

GRANT EXECUTE ON FUNCTION pull_kill_switch TO henkin_watch;
GRANT SELECT ON watch_heartbeat, watch_position, watch_alert, watch_notice TO henkin_watch;
GRANT UPDATE (seen_at, transfer_id) ON watch_heartbeat TO henkin_watch;
GRANT UPDATE (settled_id, summed_at_release, funded_jpy, approved_jpy, withdrawn_jpy, credited_jpy, credited_count, mark_id, mark_xid, wallet_after, claim_after, transfer_after, chain_seq, chain_hash)
  ON watch_position TO henkin_watch;
GRANT INSERT (kind, subject, evidence, stops_crediting) ON watch_alert TO henkin_watch;
GRANT INSERT (alert_id, channel) ON watch_notice TO henkin_watch;
GRANT SELECT ON ledger_account, ledger_transfer, ledger_funding, credit_batch_item TO henkin_watch;
GRANT SELECT ON SEQUENCE ledger_transfer_id_seq TO henkin_watch;
GRANT SELECT (id, status, label, posting_date, not_before, item_count, total_jpy, content_hash, next_seq, finished_at) ON credit_batch TO henkin_watch;
GRANT SELECT (id, wallet_account_id, amount_jpy, status, version) ON claim TO henkin_watch;
GRANT SELECT (id, status, total_jpy) ON approval_run TO henkin_watch;
GRANT SELECT (claim_id, version, decision, approval_run_id) ON claim_decision TO henkin_watch;
GRANT SELECT (subject_type, subject_id, content_hash, status) ON approval_request TO henkin_watch;
GRANT SELECT (id, occurred_at, actor_id, action) ON audit_event TO henkin_watch;
GRANT SELECT (seq, event_id, previous_hash, hash) ON audit_chain TO henkin_watch;
-- Its keys are hashed.
GRANT SELECT ON sign_in_throttle TO henkin_watch;
GRANT SELECT (id, release_id) ON kill_switch_pull TO henkin_watch;
