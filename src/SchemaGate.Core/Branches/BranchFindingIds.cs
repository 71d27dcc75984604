namespace SchemaGate.Core.Branches;

/// <summary>The stable ids of what only a branch can do wrong, as printed in reports.</summary>
public static class BranchFindingIds
{
    /// <summary>Prisma's schema changed, and no migration was added.</summary>
    public const string SchemaWithoutMigration = "schema-without-migration";

    /// <summary>It changed, and neither a migration nor an entry says so.</summary>
    public const string SchemaWithoutEntry = "schema-without-entry";

    /// <summary>A migration that was there where the branch began has another text.</summary>
    public const string MigrationEdited = "migration-edited";

    /// <summary>It has another name.</summary>
    public const string MigrationRenamed = "migration-renamed";

    /// <summary>It is gone.</summary>
    public const string MigrationDeleted = "migration-deleted";

    /// <summary>The oldest ones gave way to one that stands for them.</summary>
    public const string MigrationsSquashed = "migrations-squashed";

    /// <summary>A new migration sorts before the newest that is released.</summary>
    public const string MigrationOutOfOrder = "migration-out-of-order";

    /// <summary>Both sides have added a migration by this name, with different texts.</summary>
    public const string MigrationNameTaken = "migration-name-taken";

    /// <summary>Another migration has the same number, timestamp or place in the order.</summary>
    public const string MigrationOrderTaken = "migration-order-taken";

    /// <summary>The migrations directory has become one that its tool cannot use.</summary>
    public const string MigrationsUnsound = "migrations-unsound";
}
