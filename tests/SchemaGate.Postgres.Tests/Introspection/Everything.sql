CREATE SCHEMA IF NOT EXISTS "Odd ""schema"".x";
CREATE COLLATION natural_sort (provider = icu, locale = 'en-u-kn-true', deterministic = false);
CREATE TYPE mood AS ENUM ('sad', 'o''k', 'back\slash');
CREATE DOMAIN email AS varchar(200) COLLATE "C" NOT NULL DEFAULT 'x' CONSTRAINT email_check CHECK (VALUE LIKE '%@%');
CREATE TYPE address AS (street text COLLATE "C", "No. 1" integer);
CREATE TYPE floats AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE SEQUENCE counter AS integer INCREMENT BY -5 MINVALUE -100 MAXVALUE 100 START 7 CACHE 3 CYCLE;
CREATE FUNCTION total(a integer, b mood DEFAULT 'sad') RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE FUNCTION total(VARIADIC a text[]) RETURNS integer LANGUAGE plpgsql AS $$BEGIN RETURN 1; END$$;
CREATE PROCEDURE run(INOUT a integer) LANGUAGE plpgsql AS $$BEGIN a := 1; END$$;
CREATE AGGREGATE summed(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = SAFE);
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2) PRIMARY KEY,
    serial_no serial,
    email email UNIQUE,
    "Name" text COLLATE "C" DEFAULT 'it''s',
    feeling mood NOT NULL DEFAULT 'sad',
    feelings mood[],
    home address,
    price numeric(10, 2),
    seen timestamptz(3) DEFAULT now(),
    twice numeric GENERATED ALWAYS AS (price * 2) STORED,
    during floats,
    no integer DEFAULT nextval('counter'),
    CONSTRAINT price_positive CHECK (price > 0) NOT VALID,
    EXCLUDE USING gist (during WITH &&)
) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
CREATE UNLOGGED TABLE "Odd ""schema"".x"."T.able
line" ("Ünï ""c""" integer, "user" bigint REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE users ALTER COLUMN "Name" SET STORAGE EXTERNAL, ALTER COLUMN "Name" SET STATISTICS 500,
    ALTER COLUMN "Name" SET (n_distinct = 5), REPLICA IDENTITY FULL;
CREATE INDEX users_name_idx ON users (lower("Name") DESC, email) INCLUDE (price) WHERE price IS NOT NULL;
CREATE UNIQUE INDEX users_partial ON users (no) WHERE no > 3;
CREATE STATISTICS users_stats (dependencies) ON no, price FROM users;
CREATE VIEW cheap WITH (security_barrier = true) AS SELECT u.id, u."Name" AS n FROM users u WHERE u.price < 1;
CREATE VIEW cheaper AS SELECT id FROM cheap;
CREATE MATERIALIZED VIEW summary AS SELECT count(*) AS n FROM users;
CREATE UNIQUE INDEX summary_n ON summary (n);
CREATE TABLE parts (id integer, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
CREATE INDEX parts_id ON parts (id);
CREATE TABLE parent (a integer CHECK (a > 0));
CREATE TABLE child (b integer) INHERITS (parent);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER users_touch BEFORE UPDATE OF price ON users FOR EACH ROW WHEN (NEW.price > 1) EXECUTE FUNCTION touch();
CREATE TRIGGER parts_touch AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER users_checked AFTER INSERT ON users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE users DISABLE TRIGGER users_touch;
CREATE RULE parent_rule AS ON DELETE TO parent DO INSTEAD NOTHING;
ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON users AS RESTRICTIVE FOR UPDATE TO public USING (id > 1) WITH CHECK (id > 2);
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE TEXT SEARCH CONFIGURATION search (COPY = simple);
COMMENT ON TABLE users IS 'people';
COMMENT ON COLUMN users."Name" IS 'what they''re called';
COMMENT ON FUNCTION total(integer, mood) IS 'sums';
COMMENT ON CONSTRAINT price_positive ON users IS 'dear';
COMMENT ON INDEX users_partial IS 'part';
COMMENT ON TYPE mood IS 'feelings';
GRANT SELECT ON users TO PUBLIC;
GRANT SELECT ("Name") ON users TO PUBLIC;
REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
