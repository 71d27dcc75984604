CREATE TABLE names (id serial PRIMARY KEY);
