-- One index of mail addresses instead of two: a customer who signs in is found by the key that the call centre searches by,
-- and the address itself is compared after that. Every import writes an index less.
DROP INDEX holder_by_email;
