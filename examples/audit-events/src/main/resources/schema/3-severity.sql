ALTER TABLE events ADD COLUMN severity text;
