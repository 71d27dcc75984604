CREATE TABLE refunds (id serial PRIMARY KEY);
