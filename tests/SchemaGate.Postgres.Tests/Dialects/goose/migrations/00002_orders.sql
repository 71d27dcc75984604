-- +goose Up
CREATE TABLE orders (id serial PRIMARY KEY);

-- +goose Down
DROP TABLE orders;
