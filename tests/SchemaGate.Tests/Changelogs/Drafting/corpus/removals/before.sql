CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE a (id int PRIMARY KEY, note text, old int);
CREATE TABLE b (id int PRIMARY KEY, a int CONSTRAINT b_a REFERENCES a (id));
CREATE INDEX a_note ON a (note);
