CREATE TABLE knex_migrations (id serial PRIMARY KEY, name character varying(255), batch integer, migration_time timestamptz);
CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked integer);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240101000000_users.js', 1, '2024-01-01Z');
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240102000000_orders.js', 1, '2024-01-02Z');
INSERT INTO knex_migrations_lock (is_locked) VALUES (0);
