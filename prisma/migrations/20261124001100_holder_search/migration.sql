-- How holders are found on the phone: what callers say, folded by the application (src/holder/search-key.ts) and indexed here.
--
-- What this table guarantees, whatever the application does:
--   * one row per holder, of a holder that exists; it holds nothing that the holder's own row does not say
--
-- Bytewise order ("C"), so that a prefix is a range of the index whatever the locale of the database.
-- Every question a call-centre agent may ask is answered from one of these indexes; none reads all holders.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE holder_search_key (
  holder_id         bigint PRIMARY KEY REFERENCES holder (id),
  -- As written: variants of characters, width, spaces and forms of company folded away.
  name_key          text COLLATE "C",
  given_name_key    text COLLATE "C",
  -- As spoken, in katakana: long vowels and small kana folded away; from the reading, or from a name in Latin letters.
  reading_key       text COLLATE "C",
  given_reading_key text COLLATE "C",
  email_key         text COLLATE "C",
  -- Digits, with the leading zero of Japan.
  phone_key         text COLLATE "C"
);
CREATE INDEX holder_search_by_name ON holder_search_key (name_key);
CREATE INDEX holder_search_by_given_name ON holder_search_key (given_name_key);
CREATE INDEX holder_search_by_reading ON holder_search_key (reading_key);
CREATE INDEX holder_search_by_given_reading ON holder_search_key (given_reading_key);
CREATE INDEX holder_search_by_email ON holder_search_key (email_key);
CREATE INDEX holder_search_by_phone ON holder_search_key (phone_key);
-- For readings that were misheard or mistyped.
CREATE INDEX holder_search_like_reading ON holder_search_key USING gin (reading_key gin_trgm_ops);

GRANT SELECT, INSERT (holder_id, name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key),
  UPDATE (name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key) ON holder_search_key TO henkin_app;
