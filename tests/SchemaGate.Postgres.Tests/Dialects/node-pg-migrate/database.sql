CREATE TABLE pgmigrations (id serial PRIMARY KEY, name character varying(255) NOT NULL, run_on timestamp NOT NULL);
INSERT INTO pgmigrations (name, run_on) VALUES ('1704067200000_users', '2024-01-01');
INSERT INTO pgmigrations (name, run_on) VALUES ('1704153600000_orders', '2024-01-02');
