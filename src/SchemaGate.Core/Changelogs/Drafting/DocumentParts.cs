using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>What the document says beside its entries: how it is used, what is safe, what to do before a deployment.</summary>
internal static class DocumentParts
{
    public static string[] Head(string schema, string create) => Lines($"""
        # Database Schema Changelog

        > **Purpose:** Track ALL schema changes to ensure proper migrations are created before deployment.
        > **Rule:** NEVER change a database's schema without documenting it here and creating a migration file.

        ---

        ## How to Use This Document

        ### When Making Schema Changes:

        1. **Document the change below** BEFORE modifying {schema} (`schemagate changelog add`)
        2. **Create the migration file** with {create}
        3. **Update status** from `PENDING` to `MIGRATED` with the migration's name (`schemagate changelog migrated <name>`)
        4. **Commit both** the schema change AND the migration file together
        5. **After the deployment**, set what production has to `DEPLOYED` (`schemagate changelog sync`)

        ### Status Legend:
        - `PENDING` - Schema changed locally, NO migration file exists (BLOCKS DEPLOYMENT)
        - `MIGRATED` - Migration file created and ready for deployment
        - `DEPLOYED` - Applied to production

        ---

        ## Pending Schema Changes (BLOCKING DEPLOYMENT)

        _None currently_

        ---

        """);

    public static string[] Guidelines(string schema, string create) => Lines($"""
        ## Schema Change Guidelines

        ### Safe Changes (Low Risk)
        - Adding new tables
        - Adding nullable columns
        - Adding indexes (CONCURRENTLY, where the table is large)
        - Adding new enum values at the end

        ### Risky Changes (Require Planning)
        - Renaming columns/tables
        - Changing column types
        - Removing columns/tables
        - Adding NOT NULL columns without defaults
        - Removing enum values

        ### Change Checklist
        - [ ] Document change in this file
        - [ ] Create migration with {create}
        - [ ] Test migration on fresh database
        - [ ] Test rollback procedure
        - [ ] Update status in this file
        - [ ] Commit {schema} + migration together
        - [ ] Update CLAUDE.md if needed

        `schemagate changelog checklist <name>` answers what it can see of these.

        ---

        """);

    public static string[] Verification(string options) => Lines($"""
        ## Pre-Deployment Verification

        Before any deployment, run:
        ```bash
        # This document, the migrations and the database together: exit code 0 means that the deployment may proceed
        schemagate verify{options} --database "$DATABASE_URL"

        # What each migration does to running code, data and locks
        schemagate lint
        ```

        ---

        """);

    public static string[] Recovery(MigrationTool tool, string schema, string migrations) =>
    [
        .. Lines("""
            ## Emergency: Schema Drift Recovery

            If local database has changes not in migrations:

            1. **Document all changes** in this file
            2. **Generate migration SQL:**
            """),
        .. tool == MigrationTool.Prisma
            ? Lines($"""
                   ```bash
                   npx prisma migrate diff \
                     --from-migrations {ShellWord.Of(migrations)} \
                     --to-schema-datamodel ./prisma/schema.prisma \
                     --script > pending_migration.sql
                   ```
                """)
            : [$"   compare the database with {schema}, and write what is missing as a migration in {Marked.Code(migrations)}"],
        .. Lines("""
            3. **Create proper migration directory** with timestamp
            4. **Test on fresh database**
            5. **Update this document**

            ---

            """),
    ];

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
