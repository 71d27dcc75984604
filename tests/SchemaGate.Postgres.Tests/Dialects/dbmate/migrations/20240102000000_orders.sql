-- migrate:up
CREATE TABLE orders (id serial PRIMARY KEY);

-- migrate:down
DROP TABLE orders;
