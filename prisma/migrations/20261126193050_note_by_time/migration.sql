-- The figures of the day read the notes written since it began, not all of them.
CREATE INDEX note_by_time ON note (written_at);
