CREATE TABLE "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);
INSERT INTO "__EFMigrationsHistory" VALUES ('20240101000000_Users', '9.0.0');
INSERT INTO "__EFMigrationsHistory" VALUES ('20240103000000_Invoices', '9.0.0');
