CREATE TABLE schema_migrations (version character varying NOT NULL PRIMARY KEY);
CREATE TABLE ar_internal_metadata (
    key character varying NOT NULL PRIMARY KEY,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', now(), now());
INSERT INTO schema_migrations VALUES ('1');
INSERT INTO schema_migrations VALUES ('20240102000000');
INSERT INTO schema_migrations VALUES ('20240104000000');
