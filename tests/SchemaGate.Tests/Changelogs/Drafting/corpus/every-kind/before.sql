CREATE TABLE t (id int PRIMARY KEY, a text, b int NOT NULL DEFAULT 1, c varchar(20));
CREATE TABLE u (id int PRIMARY KEY);
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE VIEW v AS SELECT id FROM t;
