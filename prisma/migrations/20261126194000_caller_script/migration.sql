-- A caller is asked for what can be compared: no address is on record, so the draft no longer names one. Where somebody has
-- written a version of their own, theirs stays.
INSERT INTO script (situation, version, title_en, title_ja, text_en, text_ja)
SELECT 'caller_self', 2, 'The customer', 'ご本人',
  'Before I tell you anything I have to check that it is you: please tell me two of birth date, phone number and mail address.',
  'ご案内の前に、ご本人確認をさせていただきます。生年月日、電話番号、メールアドレスのうち、二つをお聞かせください。'
WHERE NOT EXISTS (SELECT FROM script WHERE situation = 'caller_self' AND version > 1);
