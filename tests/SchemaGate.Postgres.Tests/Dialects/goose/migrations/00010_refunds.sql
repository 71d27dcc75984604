-- +goose Up
CREATE TABLE refunds (id serial PRIMARY KEY);

-- +goose Down
DROP TABLE refunds;
