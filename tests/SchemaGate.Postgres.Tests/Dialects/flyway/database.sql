CREATE TABLE flyway_schema_history (
    installed_rank integer NOT NULL PRIMARY KEY,
    version varchar(50),
    description varchar(200) NOT NULL,
    type varchar(20) NOT NULL,
    script varchar(1000) NOT NULL,
    checksum integer,
    installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(),
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
INSERT INTO flyway_schema_history VALUES (1, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"public"', NULL, 'owner', '2024-01-01 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (2, '1', 'users', 'SQL', 'V1__users.sql', -969168522, 'owner', '2024-01-02 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (3, '1.1', 'orders', 'SQL', 'shop/V1_1__orders.sql', -9559528, 'owner', '2024-01-03 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (4, '1.2', 'coupons', 'SQL', 'V1.2__coupons.sql', -749512030, 'owner', '2024-01-04 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (5, NULL, 'views', 'SQL', 'R__views.sql', -801610736, 'owner', '2024-01-05 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (6, NULL, 'names', 'SQL', 'R__names.sql', 197760027, 'owner', '2024-01-06 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (7, '2', 'invoices', 'SQL', 'V2__invoices.sql', 1194573610, 'owner', '2024-01-07 00:00:00', 5, false);
INSERT INTO flyway_schema_history VALUES (8, '9', 'elsewhere', 'SQL', 'V9__elsewhere.sql', 17, 'owner', '2024-01-08 00:00:00', 5, true);
