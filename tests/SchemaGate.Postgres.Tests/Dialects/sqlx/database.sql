CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES (20240101, 'users', '2024-01-01Z', true, '\xef45eed22102c570692099193a974491e9000f2c098f74db3fbd2b06da8e2d12b30904713f064be4c6bbb107efc635b2', 5);
INSERT INTO _sqlx_migrations VALUES (20240102, 'orders', '2024-01-01Z', true, '\x1afdbac06111fc7f702b6d2be46d46edb9dc4191fb5d72b0aa283f5ff4571eb1f835a717a9b62acbf6131d91babcc9dd', 5);
INSERT INTO _sqlx_migrations VALUES (20240103, 'invoices', '2024-01-01Z', false, '\x35d396f75ac170c03f60835b2f54ca71c5069f0b18e0c6c81470b4c34335377d8e5636d1c7dc74f62a00f45f19da8db6', 5);
