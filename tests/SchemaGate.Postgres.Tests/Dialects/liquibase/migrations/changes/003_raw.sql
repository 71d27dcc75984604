CREATE TABLE raw (id serial PRIMARY KEY);
