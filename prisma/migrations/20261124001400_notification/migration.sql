-- Mails to holders: campaigns, the waves in which they go out, one row per mail, and what comes back.
--
-- What these tables guarantee, whatever the application does:
--   * nothing goes out that two people have not agreed to, text and waves included
--   * one mail per holder and campaign; a further one only as the one resend of the first, asked for by a person with a reason
--   * a mail is marked as being sent before the mail server is spoken to, and what was sent is never sent again
--   * where a campaign promises at most once, a mail whose outcome is unknown is not tried again; mails about money always promise it
--   * mails about credits start only after their batch is completed
--   * texts carry no address to click on, no amount and no quantity

CREATE TYPE campaign_kind AS ENUM ('policy_announced', 'claim_opened', 'credited', 'action_needed');

-- What is done about a mail whose sender died, or lost its connection, after the text went out and before the answer came:
-- at_most_once    it stays outcome_unknown: perhaps nobody got it, certainly nobody gets it twice
-- at_least_once   it is sent again under the same Message-ID: perhaps somebody gets it twice
CREATE TYPE delivery_rule AS ENUM ('at_most_once', 'at_least_once');

-- draft       submitted (its maker asks for release)
-- submitted   released (approved), refused (a checker refused), draft (nobody decided in time, or it was voided)
-- released, refused   never left
CREATE TYPE campaign_status AS ENUM ('draft', 'submitted', 'released', 'refused');

-- May a text go out: no address to click on, no amount, no quantity, and no placeholder but the two that are filled in.
CREATE FUNCTION mail_text_is_plain(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN given !~* '(://|www\.|[0-9０-９](,|，|\.)?\s*(円|yen|jpy|xem)|[¥￥]\s*[0-9０-９])'
  AND replace(replace(given, '{{name}}', ''), '{{customerNoEnd}}', '') !~ '\{\{|\}\}';

CREATE TABLE campaign (
  id              uuid PRIMARY KEY DEFAULT uuidv7(),
  kind            campaign_kind NOT NULL,
  delivery_rule   delivery_rule NOT NULL,
  credit_batch_id bigint REFERENCES credit_batch (id),
  subject_ja      text NOT NULL,
  subject_en      text NOT NULL,
  text_ja         text NOT NULL,
  text_en         text NOT NULL,
  status          campaign_status NOT NULL DEFAULT 'draft',
  -- Opaque here; the approval request names the same person as its maker.
  made_by         uuid NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  released_at     timestamptz,
  CONSTRAINT campaign_subject_length CHECK (length(subject_ja) BETWEEN 1 AND 200 AND length(subject_en) BETWEEN 1 AND 200),
  CONSTRAINT campaign_text_length CHECK (length(text_ja) BETWEEN 1 AND 10000 AND length(text_en) BETWEEN 1 AND 10000),
  CONSTRAINT campaign_subject_is_one_line CHECK (subject_ja !~ '[[:cntrl:]]' AND subject_en !~ '[[:cntrl:]]'),
  CONSTRAINT campaign_text_is_plain CHECK (mail_text_is_plain(subject_ja) AND mail_text_is_plain(subject_en)
    AND mail_text_is_plain(text_ja) AND mail_text_is_plain(text_en)),
  CONSTRAINT campaign_credited_names_its_batch CHECK ((kind = 'credited') = (credit_batch_id IS NOT NULL)),
  CONSTRAINT campaign_credited_at_most_once CHECK (kind <> 'credited' OR delivery_rule = 'at_most_once'),
  CONSTRAINT campaign_released_since CHECK ((status = 'released') = (released_at IS NOT NULL))
);

-- planned     sending (its campaign is released and its time has come), cancelled
-- sending     paused, completed (no mail is left to send)
-- paused      sending, cancelled
-- completed   sending (one of its mails is to be sent once more)
-- cancelled   never left
CREATE TYPE mail_wave_status AS ENUM ('planned', 'sending', 'paused', 'completed', 'cancelled');

CREATE TABLE mail_wave (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_id     uuid NOT NULL REFERENCES campaign (id),
  seq             integer NOT NULL,
  -- Null: whoever the campaign is for. A holder who was in an earlier wave is not in a later one.
  language        holder_language,
  holder_kind     holder_kind,
  most_recipients integer CONSTRAINT mail_wave_most_recipients CHECK (most_recipients > 0),
  starts_at       timestamptz NOT NULL,
  mails_per_hour  integer NOT NULL CONSTRAINT mail_wave_speed CHECK (mails_per_hour BETWEEN 1 AND 1000000),
  -- Hours of the day in Japan between which mails go out; the second does not belong to them.
  from_hour       smallint NOT NULL,
  to_hour         smallint NOT NULL,
  status          mail_wave_status NOT NULL DEFAULT 'planned',
  -- Why it does not start although its time has come.
  waits_for       text,
  next_mail_at    timestamptz NOT NULL DEFAULT now(),
  -- Who sends now, and when that process last said so. Another one takes over only when it has fallen silent.
  run_id          uuid,
  run_alive_at    timestamptz,
  started_at      timestamptz,
  finished_at     timestamptz,
  CONSTRAINT mail_wave_seq_key UNIQUE (campaign_id, seq),
  CONSTRAINT mail_wave_hours CHECK (from_hour >= 0 AND to_hour <= 24 AND from_hour < to_hour)
);

-- queued               sending, unsent (by now there is a reason not to)
-- sending              sent (accepted), failed_temporarily, refused, outcome_unknown
-- failed_temporarily   sending (tried again), unsent
-- outcome_unknown      sent, refused (the answer did come, late)
-- sent, refused, unsent   never left
CREATE TYPE notification_status AS ENUM ('queued', 'sending', 'sent', 'failed_temporarily', 'refused', 'outcome_unknown', 'unsent');
-- Random, so that nobody who sees one can make up another.
CREATE FUNCTION new_message_id() RETURNS text
LANGUAGE sql VOLATILE
RETURN '<' || gen_random_uuid() || '@mail.henkin>';

CREATE TYPE unsent_reason AS ENUM ('deceased', 'represented', 'no_address', 'bounced', 'complained', 'wave_cancelled');

CREATE TABLE notification (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_id    uuid NOT NULL REFERENCES campaign (id),
  wave_id        bigint NOT NULL REFERENCES mail_wave (id),
  holder_id      bigint NOT NULL REFERENCES holder (id),
  status         notification_status NOT NULL,
  unsent_reason  unsent_reason,
  -- Made with the row, before anything is tried: every try carries the same one.
  message_id     text NOT NULL DEFAULT new_message_id() CONSTRAINT notification_message_id_key UNIQUE,
  -- Of the address that it went to, in lower case: the address itself is kept with the holder alone.
  address_sha256 text,
  attempts       integer NOT NULL DEFAULT 0,
  next_try_at    timestamptz NOT NULL DEFAULT now(),
  smtp_code      integer,
  run_id         uuid,
  resend_of      bigint CONSTRAINT notification_one_resend UNIQUE REFERENCES notification (id),
  resend_reason  text CONSTRAINT notification_resend_reason_length CHECK (length(resend_reason) BETWEEN 1 AND 500),
  requested_by   uuid,
  created_at     timestamptz NOT NULL DEFAULT now(),
  changed_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notification_unsent_has_reason CHECK ((status = 'unsent') = (unsent_reason IS NOT NULL)),
  CONSTRAINT notification_resend_is_explained CHECK ((resend_of IS NULL) = (resend_reason IS NULL) AND (resend_of IS NULL) = (requested_by IS NULL))
);
CREATE UNIQUE INDEX notification_one_per_holder ON notification (campaign_id, holder_id) WHERE resend_of IS NULL;
CREATE INDEX notification_to_send ON notification (wave_id, next_try_at, id) WHERE status IN ('queued', 'failed_temporarily');
CREATE INDEX notification_being_sent ON notification (wave_id) WHERE status = 'sending';
CREATE INDEX notification_by_holder ON notification (holder_id, id);
CREATE INDEX notification_by_wave ON notification (wave_id, status);

CREATE TYPE mail_report_kind AS ENUM ('bounce', 'delay', 'complaint', 'other');

-- What mail servers reported about our mails. The report itself holds addresses and is not kept.
CREATE TABLE mail_report (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_sha256   text NOT NULL CONSTRAINT mail_report_once UNIQUE CHECK (report_sha256 ~ '^[0-9a-f]{64}$'),
  kind            mail_report_kind NOT NULL,
  -- Null: it is about no mail of ours.
  notification_id bigint REFERENCES notification (id),
  -- Enhanced status code of RFC 3463, such as 5.1.1.
  status_code     text CHECK (status_code ~ '^[245]\.\d{1,3}\.\d{1,3}$'),
  received_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_report_by_notification ON mail_report (notification_id);

-- Why a holder gets no mail. A bounce is about an address and ends with it, a complaint is about the person.
CREATE TABLE mail_stop (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id      bigint NOT NULL REFERENCES holder (id),
  reason         unsent_reason NOT NULL CHECK (reason IN ('bounced', 'complained')),
  address_sha256 text CHECK (address_sha256 ~ '^[0-9a-f]{64}$'),
  created_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT mail_stop_bounce_names_address CHECK (reason <> 'bounced' OR address_sha256 IS NOT NULL),
  CONSTRAINT mail_stop_once UNIQUE NULLS NOT DISTINCT (holder_id, reason, address_sha256)
);

CREATE FUNCTION mail_address_sha256(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(lower(address), 'UTF8')), 'hex');

-- Why no mail may go to this holder now; null if nothing stands against it. An officer speaks for a company with its own
-- voice; with every other representative, the represented are not written to.
CREATE FUNCTION mail_obstacle(asked holder) RETURNS unsent_reason
LANGUAGE sql STABLE
RETURN CASE
  WHEN (asked).account_status = 'deceased' THEN 'deceased'::unsent_reason
  WHEN EXISTS (SELECT FROM representative r WHERE r.holder_id = (asked).id AND r.kind <> 'company_officer' AND representative_is_valid(r))
    THEN 'represented'::unsent_reason
  ELSE coalesce(
    (SELECT min(s.reason) FROM mail_stop s WHERE s.holder_id = (asked).id
       AND (s.reason <> 'bounced' OR s.address_sha256 = mail_address_sha256((asked).email))),
    CASE WHEN (asked).email IS NULL THEN 'no_address'::unsent_reason END)
END;

-- What a checker agrees to: text, delivery rule and waves. Null if there is no such campaign.
CREATE FUNCTION campaign_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(
    c.id, c.kind, c.delivery_rule, c.credit_batch_id, c.subject_ja, c.subject_en, c.text_ja, c.text_en,
    (SELECT jsonb_agg(jsonb_build_array(w.seq, w.language, w.holder_kind, w.most_recipients, extract(epoch FROM w.starts_at),
       w.mails_per_hour, w.from_hour, w.to_hour) ORDER BY w.seq) FROM mail_wave w WHERE w.campaign_id = c.id)
  )::text, 'UTF8')), 'hex')
  FROM campaign c WHERE c.id = asked);

CREATE FUNCTION guard_campaign_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - ARRAY['status', 'released_at'] <> to_jsonb(OLD) - ARRAY['status', 'released_at'] THEN
    PERFORM refuse('campaign_never_rewritten', 'what a campaign says cannot be changed: write another');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('draft', 'submitted'), ('submitted', 'released'), ('submitted', 'refused'), ('submitted', 'draft')) THEN
    PERFORM refuse('campaign_state', format('a campaign does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  NEW.released_at := NULL;
  IF NEW.status = 'released' THEN
    IF NOT is_approved('mail_campaign', NEW.id::text, campaign_content_hash(NEW.id)) THEN
      PERFORM refuse('campaign_needs_approval', 'no checker has released this campaign with these waves');
    END IF;
    NEW.released_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER campaign_guard_update BEFORE UPDATE ON campaign
  FOR EACH ROW EXECUTE FUNCTION guard_campaign_update();

CREATE FUNCTION guard_mail_wave() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  of campaign;
BEGIN
  -- Locked, so that a campaign is not submitted while a wave comes in.
  SELECT * INTO of FROM campaign WHERE id = NEW.campaign_id FOR SHARE;
  IF TG_OP = 'INSERT' THEN
    IF of.status <> 'draft' THEN
      PERFORM refuse('mail_wave_while_draft', 'waves are planned while their campaign is a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('planned', 'sending'), ('planned', 'cancelled'), ('sending', 'paused'),
      ('sending', 'completed'), ('paused', 'sending'), ('paused', 'cancelled'), ('completed', 'sending')) THEN
    PERFORM refuse('mail_wave_state', format('a wave does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF OLD.status = 'planned' AND NEW.status = 'sending' THEN
    IF of.status <> 'released' THEN
      PERFORM refuse('mail_wave_needs_release', 'its campaign is not released');
    END IF;
    IF of.kind = 'credited' AND NOT EXISTS (SELECT FROM credit_batch b WHERE b.id = of.credit_batch_id AND b.status = 'completed') THEN
      PERFORM refuse('mail_wave_after_batch', 'mails about credits start after their batch is completed');
    END IF;
    NEW.started_at := now();
  END IF;
  IF OLD.status <> NEW.status THEN
    NEW.finished_at := CASE WHEN NEW.status IN ('completed', 'cancelled') THEN now() END;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mail_wave_guard_insert BEFORE INSERT ON mail_wave
  FOR EACH ROW EXECUTE FUNCTION guard_mail_wave();
-- Speed and signs of life are written with every mail; only what changes the state is looked at.
CREATE TRIGGER mail_wave_guard_update BEFORE UPDATE OF status ON mail_wave
  FOR EACH ROW EXECUTE FUNCTION guard_mail_wave();

CREATE FUNCTION guard_notification_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT wave_id, campaign_id FROM added) a JOIN mail_wave w ON w.id = a.wave_id
             WHERE w.status <> 'sending' OR w.campaign_id <> a.campaign_id) THEN
    PERFORM refuse('notification_of_a_sending_wave', 'mails are added to a wave of their campaign that is being sent');
  END IF;
  IF EXISTS (SELECT FROM added WHERE status NOT IN ('queued', 'unsent')) THEN
    PERFORM refuse('notification_state', 'a mail begins as queued or unsent');
  END IF;
  IF EXISTS (SELECT FROM added a JOIN notification f ON f.id = a.resend_of
             WHERE f.resend_of IS NOT NULL OR f.holder_id <> a.holder_id OR f.campaign_id <> a.campaign_id
                OR f.status NOT IN ('sent', 'refused', 'outcome_unknown', 'unsent')) THEN
    PERFORM refuse('notification_resend_of_a_first', 'only a first mail that is over is sent once more, to the same holder');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notification_guard_insert AFTER INSERT ON notification
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_notification_insert();

CREATE FUNCTION guard_notification_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status, NEW.status) NOT IN (('queued', 'sending'), ('queued', 'unsent'), ('sending', 'sent'), ('sending', 'failed_temporarily'),
      ('sending', 'refused'), ('sending', 'outcome_unknown'), ('failed_temporarily', 'sending'), ('failed_temporarily', 'unsent'),
      ('outcome_unknown', 'sent'), ('outcome_unknown', 'refused')) THEN
    PERFORM refuse('notification_state', format('a mail does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  NEW.changed_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER notification_guard_update BEFORE UPDATE ON notification
  FOR EACH ROW EXECUTE FUNCTION guard_notification_update();

CREATE TRIGGER campaign_never_removed BEFORE DELETE OR TRUNCATE ON campaign
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER mail_wave_never_removed BEFORE DELETE OR TRUNCATE ON mail_wave
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER notification_never_removed BEFORE DELETE OR TRUNCATE ON notification
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER mail_report_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mail_report
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER mail_stop_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mail_stop
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON campaign, mail_wave, notification, mail_report, mail_stop TO henkin_app;
GRANT INSERT (kind, delivery_rule, credit_batch_id, subject_ja, subject_en, text_ja, text_en, made_by) ON campaign TO henkin_app;
GRANT UPDATE (status) ON campaign TO henkin_app;
GRANT INSERT (campaign_id, seq, language, holder_kind, most_recipients, starts_at, mails_per_hour, from_hour, to_hour) ON mail_wave TO henkin_app;
GRANT UPDATE (status, waits_for, next_mail_at, run_id, run_alive_at) ON mail_wave TO henkin_app;
GRANT INSERT (campaign_id, wave_id, holder_id, status, unsent_reason, resend_of, resend_reason, requested_by) ON notification TO henkin_app;
GRANT UPDATE (status, unsent_reason, address_sha256, attempts, next_try_at, smtp_code, run_id) ON notification TO henkin_app;
GRANT INSERT (report_sha256, kind, notification_id, status_code) ON mail_report TO henkin_app;
GRANT INSERT (holder_id, reason, address_sha256) ON mail_stop TO henkin_app;
