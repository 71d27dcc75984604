-- +goose Up
CREATE TABLE users (id serial PRIMARY KEY);

-- +goose Down
DROP TABLE users;
