-- Scripts (トークスクリプト): what agents say, by situation, in both languages.
--
-- What this table guarantees, whatever the application does:
--   * agents read nothing that two people have not agreed to, word by word
--   * what was written is never rewritten: a change is a new version, released in its order
--   * a text names no facts but those that are filled in, and has a line without any, so that something is always left to say
--   * no text holds a date, and words that promise a time stand only beside the posting date that is filled in
--   * a script for a threat, distress, press, police or a lawyer says to whom the agent hands over

-- What in a text is a date, or promises a time; null if nothing is. A day written out is never allowed, because nobody
-- releases it; a word such as "until" is allowed in a line with {posting_date}, which is filled in from approved batches only.
-- Words are taken for what they mostly mean: better refused once too often than promised once.
CREATE FUNCTION script_promise(words text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN (
  SELECT coalesce(
    substring(line.words FROM '[0-9〇一二三四五六七八九十]+ ?(?:年|月|日|週|[かヶカヵ箇]月|営業日|時(?!間))'),
    substring(line.words FROM '令和|平成|[月火水木金土日]曜'),
    substring(line.words FROM '20[0-9]{2}[-./][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}'),
    substring(line.words FROM '\m(?:january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|aug|sept?|oct|nov|dec)\M'),
    substring(line.words FROM '\m(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\M'),
    substring(line.words FROM '\mmay [0-9]+|[0-9]+ may\M|\m[0-9]+(?:st|nd|rd|th)\M'),
    substring(line.words FROM '\m(?:[0-9]+|one|two|three|four|five|six|seven|ten|few|some) (?:business |working )?(?:hour|day|week|month|year)s?\M'),
    CASE WHEN strpos(line.words, '{posting_date}') = 0 THEN coalesce(
      substring(line.words FROM '明日|明後日|あさって|翌日|翌営業日|[今来翌]週|[今来翌]月|再来|週明け|週末|月[初末内]|年[内末]|年度|今日中|本日中'),
      substring(line.words FROM '近日|近いうち|近々|間もなく|まもなく|もうすぐ|すぐに|早急|至急|数[日週月]|以内|(?<!これ|今)までに|ごろ|頃|予定|見込み'),
      substring(line.words FROM '\m(?:in|after) an? (?:hour|day|week|month|year)\M'),
      substring(line.words FROM '\m(?:tomorrow|tonight|soon|shortly|immediately|within|scheduled|expected|(?:this|next|coming|following) (?:week|month|year)|(?:end|later|beginning) (?:of )?(?:today|the (?:day|week|month|year)))\M')
    ) END)
  FROM regexp_split_to_table(normalize(lower(words), NFKC), '\n') WITH ORDINALITY AS line (words, nth)
  ORDER BY 1 NULLS LAST LIMIT 1);

-- Does a text name only facts that are filled in? No other braces are text.
CREATE FUNCTION script_facts_are_known(words text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN regexp_replace(words, '\{(amount|quantity|price|posting_date|next_step)\}', '', 'g') !~ '[{}｛｝]';

-- Is something left to say when no fact can be filled in?
CREATE FUNCTION script_stands_alone(words text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN EXISTS (SELECT FROM regexp_split_to_table(words, '\n') AS line WHERE line ~ '\S' AND strpos(line, '{') = 0);

-- draft      written; agents do not see it
-- released   two people agreed; agents read the newest of these
CREATE TYPE script_status AS ENUM ('draft', 'released');

CREATE TABLE script (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  situation     text NOT NULL CHECK (situation ~ '^[a-z_]{1,60}$'),
  version       integer NOT NULL CHECK (version > 0),
  title_en      text NOT NULL CONSTRAINT script_title_en_is_plain CHECK (is_plain_text(title_en) AND length(title_en) <= 100),
  title_ja      text NOT NULL CONSTRAINT script_title_ja_is_plain CHECK (is_plain_text(title_ja) AND length(title_ja) <= 100),
  text_en       text NOT NULL CONSTRAINT script_text_en_is_plain CHECK (is_plain_text(text_en) AND length(text_en) <= 2000),
  text_ja       text NOT NULL CONSTRAINT script_text_ja_is_plain CHECK (is_plain_text(text_ja) AND length(text_ja) <= 2000),
  -- To whom the agent hands over, and how; for the agent, never said.
  escalation_en text CONSTRAINT script_escalation_en_is_plain CHECK (is_plain_text(escalation_en) AND length(escalation_en) <= 500),
  escalation_ja text CONSTRAINT script_escalation_ja_is_plain CHECK (is_plain_text(escalation_ja) AND length(escalation_ja) <= 500),
  status        script_status NOT NULL DEFAULT 'draft',
  -- Null for what the product came with.
  written_by    uuid REFERENCES staff (id),
  created_at    timestamptz NOT NULL DEFAULT now(),
  released_at   timestamptz,
  CONSTRAINT script_version_once UNIQUE (situation, version),
  CONSTRAINT script_facts_known CHECK (script_facts_are_known(text_en) AND script_facts_are_known(text_ja)),
  CONSTRAINT script_says_something CHECK (script_stands_alone(text_en) AND script_stands_alone(text_ja)),
  CONSTRAINT script_promises_no_date CHECK (script_promise(text_en) IS NULL AND script_promise(text_ja) IS NULL),
  CONSTRAINT script_both_languages CHECK ((escalation_en IS NULL) = (escalation_ja IS NULL)),
  CONSTRAINT script_topic_escalates CHECK (situation !~ '^topic_' OR escalation_en IS NOT NULL),
  CONSTRAINT script_released_since CHECK ((status = 'released') = (released_at IS NOT NULL))
);
CREATE INDEX script_in_use ON script (situation, version DESC) WHERE status = 'released';

-- What two people agree to.
CREATE FUNCTION script_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(
    s.id, s.situation, s.version, s.title_en, s.title_ja, s.text_en, s.text_ja, s.escalation_en, s.escalation_ja, s.written_by)::text, 'UTF8')), 'hex')
  FROM script s WHERE s.id = asked);

CREATE FUNCTION guard_script() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- One after the other, so that two versions at once see each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('script:' || NEW.situation, 0));
  IF TG_OP = 'INSERT' THEN
    IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM script WHERE situation = NEW.situation) THEN
      PERFORM refuse('script_version_follows', 'a version follows the one before');
    END IF;
    NEW.status := 'draft';
    NEW.released_at := NULL;
    NEW.created_at := now();
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['status', 'released_at'] <> to_jsonb(OLD) - ARRAY['status', 'released_at'] THEN
    PERFORM refuse('script_never_rewritten', 'what was written cannot be changed: write a new version');
  END IF;
  IF (OLD.status, NEW.status) <> ('draft', 'released') THEN
    PERFORM refuse('script_state', format('a script does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NOT is_approved('script_release', OLD.id::text, script_hash(OLD.id)) THEN
    PERFORM refuse('script_needs_approval', 'no second person has agreed to these words');
  END IF;
  IF EXISTS (SELECT FROM script WHERE situation = OLD.situation AND version > OLD.version) THEN
    PERFORM refuse('script_in_order', 'there is a later version');
  END IF;
  NEW.released_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER script_guard BEFORE INSERT OR UPDATE ON script
  FOR EACH ROW EXECUTE FUNCTION guard_script();
CREATE TRIGGER script_never_removed BEFORE DELETE OR TRUNCATE ON script
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON script TO henkin_app;
GRANT INSERT (situation, version, title_en, title_ja, text_en, text_ja, escalation_en, escalation_ja, written_by) ON script TO henkin_app;
GRANT UPDATE (status) ON script TO henkin_app;

-- What the product comes with: drafts for every situation, said by nobody until they are released.
INSERT INTO script (situation, version, title_en, title_ja, text_en, text_ja, escalation_en, escalation_ja)
SELECT situation, 1, title_en, title_ja, replace(text_en, '|', E'\n'), replace(text_ja, '|', E'\n'), escalation_en, escalation_ja FROM (VALUES
  ('under_review', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|I am told nothing more myself, and I cannot promise when it ends.',
   '現在、確認中でございます。お客様のお手続きは不要です。|確認の内容は私どもにも知らされておらず、完了の時期はお約束できません。',
   'Guess no reason and name none. Whoever insists is handed to the team lead.', '理由の推測や案内はしない。強いご要望はSVに引き継ぐ。'),
  ('contact_changed', 'Contact changed, to be verified anew', '連絡先変更後の本人確認',
   'We are checking your record. To finish it, we will ask you for two proofs that it is you.|We never ask for a password, a code or a fee.',
   '現在、確認中でございます。ご本人であることを二つの方法で確認させていただきます。|パスワード、認証コード、手数料をお願いすることは決してございません。', NULL, NULL),
  ('below_one_yen', 'Below one yen', '1円未満',
   'Your quantity times the price comes to less than one yen, so there is nothing to add to your balance.|You held {quantity} XEM; the price is {price} JPY per XEM.|If you say that the quantity is wrong, I take that down and it is looked into.',
   '保有数量に1XEMあたりの補償額を乗じた金額が1円に満たないため、補償対象外でございます。|保有数量は {quantity} XEM、1XEMあたりの補償額は {price} 円です。|数量に誤りがあるとのことでしたら、お申し出として承り、確認いたします。', NULL, NULL),
  ('rejected', 'Not covered', '補償対象外',
   'Your record is not covered. You may object: I take down what you say, and it is looked into.|{next_step}',
   '補償対象外でございます。ご異議がございましたら、お申し出として承り、改めて確認いたします。|{next_step}',
   'Take it down as an objection.', '申出として登録する。'),
  ('not_approved', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|You held {quantity} XEM; the price is {price} JPY per XEM, which makes {amount} JPY.|I cannot name a day yet; it is announced on the site and by mail.',
   '現在、確認中でございます。お客様のお手続きは不要です。|保有数量は {quantity} XEM、1XEMあたりの補償額は {price} 円、補償額は {amount} 円です。|反映の日程はまだご案内できません。決まりましたらサイトとメールでお知らせいたします。', NULL, NULL),
  ('approval_waiting', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|{next_step}', '現在、確認中でございます。お客様のお手続きは不要です。|{next_step}', NULL, NULL),
  ('fund_short', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|{next_step}', '現在、確認中でございます。お客様のお手続きは不要です。|{next_step}',
   'Say nothing about funds.', '原資については一切案内しない。'),
  ('not_in_batch', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|I cannot name a day yet; it is announced on the site and by mail.',
   '現在、確認中でございます。お客様のお手続きは不要です。|反映の日程はまだご案内できません。決まりましたらサイトとメールでお知らせいたします。', NULL, NULL),
  ('in_draft_batch', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|{next_step}', '現在、確認中でございます。お客様のお手続きは不要です。|{next_step}', NULL, NULL),
  ('batch_waiting_for_checker', 'Being checked', '確認中',
   'We are checking your record. You need do nothing.|{next_step}', '現在、確認中でございます。お客様のお手続きは不要です。|{next_step}', NULL, NULL),
  ('batch_waiting_for_signatures', 'Being added to the balance', '反映手続き中',
   'The amount is being added to your JPY balance. You need do nothing.|{amount} JPY will be added.',
   '反映手続き中でございます。お客様のお手続きは不要です。|補償額は {amount} 円です。', NULL, NULL),
  ('batch_not_yet_due', 'Being added to the balance', '反映手続き中',
   'The amount is being added to your JPY balance. You need do nothing.|{amount} JPY are scheduled to be added on {posting_date}.|It is no bank transfer: it appears in your JPY balance on the exchange.',
   '反映手続き中でございます。お客様のお手続きは不要です。|補償額 {amount} 円を {posting_date} に残高へ反映する予定です。|銀行振込ではなく、取引所の日本円残高に反映されます。', NULL, NULL),
  ('batch_paused', 'Being added to the balance', '反映手続き中',
   'The amount is being added to your JPY balance. You need do nothing.|{amount} JPY will be added.',
   '反映手続き中でございます。お客様のお手続きは不要です。|補償額は {amount} 円です。', 'Say nothing about a pause.', '一時停止については案内しない。'),
  ('batch_executing', 'Being added to the balance', '反映手続き中',
   'The amount is being added to your JPY balance. You need do nothing.|{amount} JPY are being added with the date {posting_date}.',
   '反映手続き中でございます。お客様のお手続きは不要です。|補償額 {amount} 円を、反映日 {posting_date} で残高に反映しております。', NULL, NULL),
  ('credited', 'Added to the balance', '残高反映済み',
   'The compensation is in your JPY balance on the exchange, under the label NEM補償金. It is no bank transfer.|{amount} JPY were added with the date {posting_date}: {quantity} XEM at {price} JPY.|{next_step}',
   '補償金は取引所の日本円残高に反映済みでございます。摘要は「NEM補償金」、銀行振込ではございません。|{posting_date} に {amount} 円を反映いたしました({quantity} XEM、1XEMあたり {price} 円)。|{next_step}', NULL, NULL),
  ('withdrawal_restricted', 'Withdrawing needs more', '出金の条件',
   'Your compensation does not depend on it, but to withdraw from your balance the identity check must be complete.|We never ask for a password, a code, coins or a fee.',
   '補償には影響いたしませんが、残高からの出金には本人確認が必要です。|パスワード、認証コード、暗号資産、手数料をお願いすることは決してございません。',
   'Of the deceased: heirs are handed to the claims officers.', '相続のお申し出は補償担当に引き継ぐ。'),
  ('no_claim', 'No record found', '記録がない場合',
   'I find no holding of yours at that instant. If you say that you held XEM, I take that down and it is looked into.',
   '基準日時の保有数量の記録が見つかりません。保有していたとのことでしたら、お申し出として承り、確認いたします。', 'Take it down as an objection.', '申出として登録する。'),
  ('caller_self', 'The customer', 'ご本人',
   'Before I tell you anything I have to check that it is you: please tell me two of birth date, phone number, mail address and part of the address.',
   'ご案内の前に、ご本人確認をさせていただきます。生年月日、電話番号、メールアドレス、ご住所の一部のうち、二つをお聞かせください。', NULL, NULL),
  ('caller_representative', 'A representative', '代理人',
   'I may speak with you once the papers that show your right are on record. Please tell me your name and whom you speak for.',
   '代理権を示す書類の登録がございましたら、ご案内できます。お名前と、どなたの代理でいらっしゃるかをお聞かせください。',
   'Not on record: hand to the claims officers, tell nothing.', '登録がない場合は何も案内せず補償担当に引き継ぐ。'),
  ('caller_heir', 'An heir', '相続人',
   'I am sorry for your loss. I may speak with you once the papers of the inheritance are on record; I note your call so that you are told which.',
   '心よりお悔やみ申し上げます。相続に関する書類の登録がございましたら、ご案内できます。必要書類のご案内のため、お電話を記録いたします。',
   'Hand to the claims officers.', '補償担当に引き継ぐ。'),
  ('caller_lawyer', 'A lawyer who calls', '弁護士',
   'Thank you. Please send your power of attorney in writing; I tell nothing about a customer on the phone.',
   'お電話ありがとうございます。委任状を書面でお送りください。お電話ではお客様に関するご案内はいたしかねます。', 'Hand to compliance.', 'コンプライアンスに引き継ぐ。'),
  ('caller_press', 'Press that calls', '報道',
   'I am not the one to answer the press. I note your name, company and question for those who are.',
   '取材につきましては、こちらではお答えいたしかねます。お名前、社名、ご用件を承り、担当に申し伝えます。', 'Hand to the team lead; figures are on the public page only.', 'SVに引き継ぐ。数値は公表ページのもののみ。'),
  ('caller_police', 'Police that calls', '警察',
   'I note your name, station and number; our responsible office calls back over the station''s public number.',
   'お名前、所属、電話番号を承ります。担当部署より、公表されている代表番号へ折り返しいたします。', 'Hand to compliance; confirm nothing, not even that somebody is a customer.', 'コンプライアンスに引き継ぐ。顧客であるか否かも答えない。'),
  ('caller_other', 'Somebody else', 'その他の方',
   'I may tell others nothing about a customer. What is public is on the site.',
   'お客様以外の方にはご案内いたしかねます。公表している内容はサイトをご覧ください。', NULL, NULL),
  ('topic_threat', 'A threat', '脅迫',
   'I hear what you say, and I have to note it. I cannot go on like this; my team lead takes over.',
   'お話は承りました。記録させていただきます。このままではお話を続けられませんので、責任者に代わります。',
   'Team lead at once. Danger to life: 110, then compliance. Note the words as said.', '直ちにSVへ。生命の危険がある場合は110番、続いてコンプライアンスへ。発言はそのまま記録する。'),
  ('topic_distress', 'Distress', '精神的に追い詰められた方',
   'I am listening. Please take your time. There are people who help with exactly this; may I give you their number?',
   'お話をうかがっております。どうぞゆっくりお話しください。お力になれる相談窓口がございます。番号をお伝えしてもよろしいですか。',
   'Stay on the line and call the team lead. Danger to life: 119. よりそいホットライン 0120-279-338.', '電話を切らずSVを呼ぶ。生命の危険がある場合は119番。よりそいホットライン 0120-279-338。'),
  ('topic_press', 'Press is mentioned', '報道への言及',
   'What is public is on the site. I note your question.', '公表している内容はサイトに掲載しております。ご質問は記録いたします。', 'Tell the team lead.', 'SVに報告する。'),
  ('topic_police', 'Police is mentioned', '警察への言及',
   'You are free to report. I note that you said so.', '届け出をされることは差し支えございません。承った内容を記録いたします。', 'Tell compliance; confirm no investigation.', 'コンプライアンスに報告する。捜査の有無には触れない。'),
  ('topic_lawyer', 'A lawyer is mentioned', '弁護士・訴訟への言及',
   'You are free to take advice. I note that you said so, and answer what I can about your own record.',
   'ご相談されることは差し支えございません。承った内容を記録し、お客様の記録についてはご案内できる範囲でお答えいたします。', 'Tell compliance; discuss no claims.', 'コンプライアンスに報告する。権利関係の議論はしない。')
) AS told (situation, title_en, title_ja, text_en, text_ja, escalation_en, escalation_ja);
