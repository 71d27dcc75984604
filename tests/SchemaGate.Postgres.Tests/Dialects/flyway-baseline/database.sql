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
INSERT INTO flyway_schema_history VALUES (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'owner', '2024-01-01 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (2, '3', 'coupons', 'SQL', 'V3__coupons.sql', 1147234844, 'owner', '2024-01-02 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (3, '4', 'invoices', 'SQL', 'V4__invoices.sql', 1194573610, 'owner', '2024-01-03 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (4, '5', 'Refunds', 'JDBC', 'db.migration.V5__Refunds', NULL, 'owner', '2024-01-04 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (5, '3', 'coupons', 'UNDO_SQL', 'U3__coupons.sql', 4, 'owner', '2024-01-05 00:00:00', 5, true);
INSERT INTO flyway_schema_history VALUES (6, '4', 'invoices', 'DELETE', 'V4__invoices.sql', 1194573610, 'owner', '2024-01-06 00:00:00', 5, true);
