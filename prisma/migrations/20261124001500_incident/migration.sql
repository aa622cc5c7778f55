-- The incident, told honestly: what happened, what is known, what was promised, and whether the public sees how far the refund is.
--
-- What these tables guarantee, whatever the application does:
--   * nothing that was recorded is rewritten: a correction is a new version, with who and why
--   * nothing is public before two people agreed to exactly this version
--   * versions become public in their order, and one that replaces a public one says so in public
--   * progress is published only as two people agreed to

-- fact     something that is known, such as an amount
-- event    something that happened, its value is when
-- promise  something that was announced for a day, its value is that day
CREATE TYPE incident_fact_kind AS ENUM ('fact', 'event', 'promise');

-- What the value is counted in. date and instant are points in time, text is words.
CREATE TYPE incident_unit AS ENUM ('XEM', 'JPY', 'JPY_per_XEM', 'persons', 'date', 'instant', 'text');

CREATE TABLE incident_fact (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key        text NOT NULL CONSTRAINT incident_fact_key_once UNIQUE CONSTRAINT incident_fact_key_shape CHECK (key ~ '^[a-z][a-z0-9-]{1,59}$'),
  kind       incident_fact_kind NOT NULL,
  label_en   text NOT NULL CHECK (length(label_en) BETWEEN 1 AND 200),
  label_ja   text NOT NULL CHECK (length(label_ja) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- internal   recorded; staff only
-- released   public, for ever: what replaces it is the next version
CREATE TYPE incident_version_status AS ENUM ('internal', 'released');

CREATE TABLE incident_fact_version (
  id              uuid PRIMARY KEY DEFAULT uuidv7(),
  fact_id         bigint NOT NULL REFERENCES incident_fact (id),
  version         integer NOT NULL CHECK (version > 0),
  -- The value that is used; the same text twice unless the unit is words.
  value_en        text NOT NULL CHECK (length(value_en) BETWEEN 1 AND 1000),
  value_ja        text NOT NULL CHECK (length(value_ja) BETWEEN 1 AND 1000),
  unit            incident_unit NOT NULL,
  approximate     boolean NOT NULL,
  source_en       text NOT NULL CHECK (length(source_en) BETWEEN 1 AND 500),
  source_ja       text NOT NULL CHECK (length(source_ja) BETWEEN 1 AND 500),
  -- When the value held; null where the source does not say.
  as_of           timestamptz,
  -- Every other value on record: [{value: {en, ja}, source: {en, ja}, asOf, note: {en, ja} | null}].
  other_values    jsonb NOT NULL CHECK (jsonb_typeof(other_values) = 'array' AND jsonb_array_length(other_values) <= 20),
  -- Why this value is used and not another.
  why_en          text CHECK (length(why_en) BETWEEN 1 AND 1000),
  why_ja          text CHECK (length(why_ja) BETWEEN 1 AND 1000),
  -- Of a promise: the day on which it was done.
  done_on         date,
  -- Why this version replaces the one before; for staff.
  reason          text CHECK (length(reason) BETWEEN 1 AND 1000),
  -- What the public is told about the correction.
  announcement_en text CHECK (length(announcement_en) BETWEEN 1 AND 1000),
  announcement_ja text CHECK (length(announcement_ja) BETWEEN 1 AND 1000),
  status          incident_version_status NOT NULL DEFAULT 'internal',
  -- Null for what the product came with.
  recorded_by     uuid REFERENCES staff (id),
  created_at      timestamptz NOT NULL DEFAULT now(),
  released_at     timestamptz,
  CONSTRAINT incident_version_once UNIQUE (fact_id, version),
  CONSTRAINT incident_version_both_languages CHECK ((why_en IS NULL) = (why_ja IS NULL) AND (announcement_en IS NULL) = (announcement_ja IS NULL)),
  CONSTRAINT incident_version_choice_is_explained CHECK (jsonb_array_length(other_values) = 0 OR why_en IS NOT NULL),
  CONSTRAINT incident_version_correction_is_explained CHECK ((version = 1) = (reason IS NULL)),
  CONSTRAINT incident_version_only_words_differ CHECK (unit = 'text' OR value_en = value_ja),
  CONSTRAINT incident_version_numbers_are_numbers CHECK (unit NOT IN ('XEM', 'JPY', 'JPY_per_XEM', 'persons') OR value_en ~ '^(0|[1-9][0-9]{0,17})(\.[0-9]{1,8})?$'),
  CONSTRAINT incident_version_dates_are_dates CHECK (unit <> 'date' OR value_en ~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$'),
  CONSTRAINT incident_version_instants_are_instants CHECK (unit <> 'instant' OR value_en ~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+09:00$'),
  CONSTRAINT incident_version_released_since CHECK ((status = 'released') = (released_at IS NOT NULL))
);

-- What two people agree to: the fact's name and everything of the version. Instants count as seconds since 1970. Null if there is no such version.
CREATE FUNCTION incident_version_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(
    v.id, f.key, f.kind, f.label_en, f.label_ja, v.version, v.value_en, v.value_ja, v.unit, v.approximate, v.source_en, v.source_ja,
    extract(epoch FROM v.as_of), v.other_values, v.why_en, v.why_ja, v.done_on - date '1970-01-01', v.reason, v.announcement_en, v.announcement_ja
  )::text, 'UTF8')), 'hex')
  FROM incident_fact_version v JOIN incident_fact f ON f.id = v.fact_id
  WHERE v.id = asked);

CREATE FUNCTION guard_incident_version_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  fact incident_fact%ROWTYPE;
BEGIN
  -- One after the other, so that two corrections at once see each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('incident_fact:' || NEW.fact_id, 0));
  SELECT * INTO fact FROM incident_fact WHERE id = NEW.fact_id;
  IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM incident_fact_version WHERE fact_id = NEW.fact_id) THEN
    PERFORM refuse('incident_version_follows', 'a version follows the one before');
  END IF;
  IF (fact.kind = 'promise') <> (NEW.unit = 'date') OR (fact.kind = 'event') <> (NEW.unit = 'instant') OR (NEW.done_on IS NOT NULL AND fact.kind <> 'promise') THEN
    PERFORM refuse('incident_version_fits_kind', 'an event has an instant, a promise a date, and only a promise is done on a day');
  END IF;
  NEW.status := 'internal';
  NEW.released_at := NULL;
  NEW.created_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER incident_version_guard_insert BEFORE INSERT ON incident_fact_version
  FOR EACH ROW EXECUTE FUNCTION guard_incident_version_insert();

CREATE FUNCTION guard_incident_version_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - ARRAY['status', 'released_at'] <> to_jsonb(OLD) - ARRAY['status', 'released_at'] THEN
    PERFORM refuse('incident_version_never_rewritten', 'what was recorded cannot be changed: record a correction');
  END IF;
  IF (OLD.status, NEW.status) <> ('internal', 'released') THEN
    PERFORM refuse('incident_version_state', format('a version does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('incident_fact:' || OLD.fact_id, 0));
  IF NOT is_approved('fact_release', OLD.id::text, incident_version_hash(OLD.id)) THEN
    PERFORM refuse('incident_version_needs_approval', 'no second person has agreed to publish this version');
  END IF;
  IF EXISTS (SELECT FROM incident_fact_version WHERE fact_id = OLD.fact_id AND version > OLD.version AND status = 'released') THEN
    PERFORM refuse('incident_version_in_order', 'a later version is public already');
  END IF;
  IF OLD.announcement_en IS NULL AND EXISTS (SELECT FROM incident_fact_version WHERE fact_id = OLD.fact_id AND status = 'released') THEN
    PERFORM refuse('incident_version_says_so', 'what replaces a public version announces the correction');
  END IF;
  NEW.released_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER incident_version_guard_update BEFORE UPDATE ON incident_fact_version
  FOR EACH ROW EXECUTE FUNCTION guard_incident_version_update();

-- Asked for by one, in effect from released_at on because another agreed.
CREATE TABLE progress_release (
  id          uuid PRIMARY KEY DEFAULT uuidv7(),
  asked_by    uuid NOT NULL REFERENCES staff (id),
  created_at  timestamptz NOT NULL DEFAULT now(),
  released_at timestamptz
);

CREATE FUNCTION progress_release_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT encode(sha256(convert_to('progress_release:' || id || ':' || asked_by, 'UTF8')), 'hex') FROM progress_release WHERE id = asked);

CREATE FUNCTION guard_progress_release_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NOT NULL OR to_jsonb(NEW) - 'released_at' <> to_jsonb(OLD) - 'released_at' THEN
    PERFORM refuse('progress_release_never_rewritten', 'a release takes effect once and is not changed');
  END IF;
  IF NOT is_approved('progress_release', OLD.id::text, progress_release_hash(OLD.id)) THEN
    PERFORM refuse('progress_release_needs_approval', 'no second person has agreed to publish the progress');
  END IF;
  NEW.released_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER progress_release_guard_update BEFORE UPDATE ON progress_release
  FOR EACH ROW EXECUTE FUNCTION guard_progress_release_update();

CREATE TRIGGER incident_fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON incident_fact
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER incident_version_never_removed BEFORE DELETE OR TRUNCATE ON incident_fact_version
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER progress_release_never_removed BEFORE DELETE OR TRUNCATE ON progress_release
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON incident_fact, incident_fact_version, progress_release TO henkin_app;
GRANT INSERT (key, kind, label_en, label_ja) ON incident_fact TO henkin_app;
GRANT INSERT (fact_id, version, value_en, value_ja, unit, approximate, source_en, source_ja, as_of, other_values, why_en, why_ja, done_on, reason,
  announcement_en, announcement_ja, recorded_by) ON incident_fact_version TO henkin_app;
GRANT UPDATE (status) ON incident_fact_version TO henkin_app;
GRANT INSERT (asked_by) ON progress_release TO henkin_app;
GRANT UPDATE (released_at) ON progress_release TO henkin_app;

-- The reference incident as the product comes with it; all of it internal until it is released.
CREATE TEMP TABLE told (
  key text, kind incident_fact_kind, label_en text, label_ja text, value_en text, value_ja text, unit incident_unit, approximate boolean, source text,
  as_of timestamptz, other_values jsonb, why_en text, why_ja text
) ON COMMIT DROP;

INSERT INTO told VALUES
  ('xem-stolen', 'fact', 'XEM stolen', '不正送金されたXEM', '523000000', '523000000', 'XEM', false, 'memo', NULL,
   '[{"value": {"en": "5230000000", "ja": "5230000000"}, "source": {"en": "Incident memo, first line", "ja": "事案メモ 冒頭"}, "asOf": null,
      "note": {"en": "A slip by ten: 58 billion JPY / 5.23 billion = 11 JPY per XEM.", "ja": "一桁の誤記: 580億円÷52.3億=1XEMあたり11円となる。"}},
     {"value": {"en": "526300010", "ja": "526300010"}, "source": {"en": "Public NEM ledger", "ja": "NEMの公開台帳"}, "asOf": null,
      "note": {"en": "11 transfers, 00:02-08:26 JST.", "ja": "11件の送金(00:02〜08:26)。"}}]',
   'It is the number that the compensation was announced with.', '補償の公表で用いられた数量であるため。'),
  ('value-at-the-time', 'fact', 'Value at the time', '当時の評価額', '58000000000', '58000000000', 'JPY', true, 'memo', NULL, '[]', NULL, NULL),
  ('holders', 'fact', 'Holders', '保有者数', '260000', '260000', 'persons', true, 'memo', NULL,
   '[]', 'The exact number was not published.', '正確な人数は公表されていないため。'),
  ('holdings-counted-as-of', 'fact', 'Holdings are counted as of', '保有数量の基準日時', '2018-01-26 23:59:59 JST', '2018年1月26日 23時59分59秒(日本時間)', 'text', false, 'notice-03-12',
   '2018-01-26T23:59:59+09:00', '[]', NULL, NULL),
  ('price', 'fact', 'Compensation per XEM', '1XEMあたりの補償額', '88.549', '88.549', 'JPY_per_XEM', false, 'memo', NULL, '[]', NULL, NULL),
  ('price-method', 'fact', 'How the price was found', '補償単価の算定方法', 'Volume-weighted average of Zaif XEM/JPY', 'Zaif XEM/JPYの出来高加重平均', 'text', false, 'memo', NULL, '[]', NULL, NULL),
  ('price-window', 'fact', 'Window of the price', '補償単価の算定期間', '2018-01-26 12:09 to 2018-01-27 23:00 JST', '2018年1月26日 12時09分〜1月27日 23時00分(日本時間)', 'text', false, 'memo', NULL,
   '[{"value": {"en": "from 12:57", "ja": "12時57分から"}, "source": {"en": "Incident memo, timeline", "ja": "事案メモ 時系列"}, "asOf": null,
      "note": {"en": "Halt of trading as the timeline has it.", "ja": "時系列上の売買停止時刻。"}},
     {"value": {"en": "from 12:38", "ja": "12時38分から"}, "source": {"en": "Company notice", "ja": "会社のお知らせ"}, "asOf": null,
      "note": {"en": "Halt of trading as the notice has it.", "ja": "お知らせ上の売買停止時刻。"}}]',
   'It is the window that the price was announced with.', '補償単価とともに公表された期間であるため。'),
  ('total', 'fact', 'Total at that price', '補償単価による総額', '46311127000', '46311127000', 'JPY', false, 'computed', NULL,
   '[{"value": {"en": "46603339585", "ja": "46603339585"}, "source": {"en": "526,300,010 XEM × 88.549; the 46.6 billion of the press", "ja": "526,300,010 XEM×88.549(報道の「466億円」)"}, "asOf": null, "note": null}]',
   'It is computed from the quantity that is used here.', 'ここで用いる数量から計算した額であるため。'),
  ('paid-from', 'fact', 'Paid from', '補償の原資', 'Own funds (cash, not equity)', '自己資金(現預金)', 'text', false, 'memo', NULL, '[]', NULL, NULL),
  ('paid-into', 'fact', 'Paid into', '反映先', 'JPY balance of the customer''s exchange wallet, on 2018-03-12', 'お客様の日本円残高(2018年3月12日)', 'text', false, 'notice', NULL,
   '[{"value": {"en": "2018-03-13 00:29, labelled as a sale", "ja": "2018年3月13日 00時29分、「売却」の表示"}, "source": {"en": "One customer", "ja": "お客様1名の申告"}, "asOf": "2018-03-13T00:29:00+09:00", "note": null}]',
   'The notice speaks for all customers.', 'お知らせはすべてのお客様についてのものであるため。'),
  ('identity-check', 'fact', 'Identity check', '本人確認', 'Holders without it are compensated too, but cannot withdraw until it is done', '本人確認がお済みでないお客様も補償の対象です。出金には本人確認が必要です', 'text', false, 'notice', NULL, '[]', NULL, NULL),
  ('rounding', 'fact', 'Rounding per holder', '端数の取扱い', 'Half up to whole yen', '円未満は四捨五入', 'text', false, 'product', NULL,
   '[]', 'The rule was not published; this is the default of this product, and it is shown.', '取扱いは公表されていないため、本システムの既定を用い、明示しています。'),
  ('tax', 'fact', 'Tax', '税務上の取扱い', 'Miscellaneous income, computed as amount minus acquisition cost; with reservations about contract and nature of payment',
   '雑所得(補償額から取得費を差し引いて計算)。契約内容や支払の性質により異なる場合があります', 'text', false, 'tax', NULL, '[]', NULL, NULL),
  ('court', 'fact', 'Court', '裁判', '2022-04-27: XEM owed to 21 customers despite the JPY payment', '2022年4月27日: 日本円での支払後も21名に対するXEMの返還義務を認める判決', 'text', false, 'press',
   '2022-04-27T00:00:00+09:00', '[]', 'An XEM obligation and a JPY payment are recorded separately.', 'XEMの返還義務と日本円での支払は別々に記録しています。'),
  ('transfers-out', 'event', 'XEM is transferred out', 'XEMの不正送金', '2018-01-26T03:00:00+09:00', '2018-01-26T03:00:00+09:00', 'instant', true, 'memo', NULL,
   '[{"value": {"en": "2018-01-26T00:02:00+09:00", "ja": "2018-01-26T00:02:00+09:00"}, "source": {"en": "Public NEM ledger", "ja": "NEMの公開台帳"}, "asOf": null,
      "note": {"en": "The first of 11 transfers, the last at 08:26.", "ja": "11件のうち最初の送金(最後は08:26)。"}}]',
   'The memo tells the whole timeline by one clock.', '時系列全体を同じ資料の時刻で示すため。'),
  ('noticed', 'event', 'An abnormal balance is noticed, 8.5 hours later', '残高の異常を検知(約8時間半後)', '2018-01-26T11:25:00+09:00', '2018-01-26T11:25:00+09:00', 'instant', false, 'memo', NULL, '[]', NULL, NULL),
  ('nem-deposits-halted', 'event', 'NEM deposits and withdrawals are halted', 'NEMの入出金を停止', '2018-01-26T11:58:00+09:00', '2018-01-26T11:58:00+09:00', 'instant', false, 'memo', NULL,
   '[{"value": {"en": "2018-01-26T12:07:00+09:00", "ja": "2018-01-26T12:07:00+09:00"}, "source": {"en": "Company notice", "ja": "会社のお知らせ"}, "asOf": null, "note": null},
     {"value": {"en": "2018-01-26T12:52:00+09:00", "ja": "2018-01-26T12:52:00+09:00"}, "source": {"en": "Company notice", "ja": "会社のお知らせ"}, "asOf": null, "note": null}]',
   'The memo tells the whole timeline by one clock.', '時系列全体を同じ資料の時刻で示すため。'),
  ('nem-trading-halted', 'event', 'NEM trading is halted', 'NEMの売買を停止', '2018-01-26T12:57:00+09:00', '2018-01-26T12:57:00+09:00', 'instant', false, 'memo', NULL,
   '[{"value": {"en": "2018-01-26T12:38:00+09:00", "ja": "2018-01-26T12:38:00+09:00"}, "source": {"en": "Company notice", "ja": "会社のお知らせ"}, "asOf": null, "note": null}]',
   'The memo tells the whole timeline by one clock.', '時系列全体を同じ資料の時刻で示すため。'),
  ('withdrawals-halted', 'event', 'All withdrawals are halted, JPY too', '日本円を含むすべての出金を停止', '2018-01-26T16:33:00+09:00', '2018-01-26T16:33:00+09:00', 'instant', false, 'memo', NULL, '[]', NULL, NULL),
  ('trading-halted', 'event', 'Trading of all but BTC is halted', 'BTC以外の売買を停止', '2018-01-26T17:23:00+09:00', '2018-01-26T17:23:00+09:00', 'instant', false, 'memo', NULL, '[]', NULL, NULL),
  ('press-conference', 'event', 'Press conference', '記者会見', '2018-01-26T23:30:00+09:00', '2018-01-26T23:30:00+09:00', 'instant', false, 'memo', NULL, '[]', NULL, NULL),
  ('policy-mailed', 'event', 'The compensation policy is mailed', '補償方針をメールでお知らせ', '2018-01-28T02:41:00+09:00', '2018-01-28T02:41:00+09:00', 'instant', false, 'memo', NULL,
   '[]', 'It came after the window of the price had closed at 23:00 on 01-27.', '算定期間の終了(1月27日 23時00分)より後です。');

INSERT INTO incident_fact (key, kind, label_en, label_ja) SELECT key, kind, label_en, label_ja FROM told;

INSERT INTO incident_fact_version (fact_id, version, value_en, value_ja, unit, approximate, source_en, source_ja, as_of, other_values, why_en, why_ja)
SELECT f.id, 1, t.value_en, t.value_ja, t.unit, t.approximate, s.en, s.ja, t.as_of, t.other_values, t.why_en, t.why_ja
FROM told t
JOIN incident_fact f ON f.key = t.key
JOIN (VALUES
  ('memo', 'Incident memo', '事案メモ'),
  ('notice', 'Company notice', '会社のお知らせ'),
  ('notice-03-12', 'Company notice of 2018-03-12', '会社のお知らせ(2018年3月12日)'),
  ('computed', '523,000,000 × 88.549', '523,000,000×88.549'),
  ('product', 'Default of this product', '本システムの既定'),
  ('tax', 'National Tax Agency, Tax Answer No. 1525', '国税庁 タックスアンサー No.1525'),
  ('press', 'Press, on the Tokyo District Court', '報道(東京地方裁判所)')) AS s (code, en, ja) ON s.code = t.source;
