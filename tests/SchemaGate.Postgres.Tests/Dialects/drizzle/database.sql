CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('64cb027a9b23baf7f926f778318e275a1443a8695367602ca18fa3e42d014e64', 1704067200000);
INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('b385a55ee509be71ed52ac01702b91a8967f00069c2993f22a892bd20fb1e84d', 1704153600000);
