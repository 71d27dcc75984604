-- Up Migration
CREATE TABLE orders (id serial PRIMARY KEY);

-- Down Migration
DROP TABLE orders;
