CREATE SCHEMA atlas_schema_revisions;
CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (
    version character varying NOT NULL PRIMARY KEY,
    description character varying NOT NULL,
    type bigint NOT NULL DEFAULT 2,
    applied bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    executed_at timestamptz NOT NULL,
    execution_time bigint NOT NULL,
    error text,
    error_stmt text,
    hash character varying NOT NULL,
    partial_hashes jsonb,
    operator_version character varying NOT NULL
);
INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('.atlas_cloud_identifier', 'b3d2', 2, 0, 0, '2024-01-01Z', 1000, NULL, NULL, 'h0=', NULL, 'Atlas CLI v0.30.0');
INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('20240102', 'orders', 1, 0, 0, '2024-01-02Z', 1000, NULL, NULL, 'h1=', NULL, 'Atlas CLI v0.30.0');
INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('20240103', 'invoices', 2, 1, 1, '2024-01-03Z', 1000, '', NULL, 'h2=', NULL, 'Atlas CLI v0.30.0');
INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('20240104', 'coupons', 2, 1, 3, '2024-01-04Z', 1000, 'ERROR: relation "nope" does not exist', NULL, 'h3=', NULL, 'Atlas CLI v0.30.0');
