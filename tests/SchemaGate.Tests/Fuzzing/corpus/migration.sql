-- +goose Up
CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" TEXT DEFAULT 'a''b', CONSTRAINT "pk" PRIMARY KEY ("id"));
DO $body$ BEGIN EXECUTE 'ALTER TABLE x ADD y int'; END $body$;
/* a /* nested */ comment */ CREATE INDEX CONCURRENTLY i ON users (lower(email)) WHERE id > 1;
ALTER TABLE users ALTER COLUMN email TYPE varchar(20) USING email::varchar(20), DROP COLUMN id CASCADE;
