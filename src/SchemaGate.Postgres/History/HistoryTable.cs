namespace SchemaGate.Postgres.History;

/// <summary>Prisma's history table, by name.</summary>
internal static class HistoryTable
{
    public const string Name = "_prisma_migrations";

    /// <summary>The key of the advisory lock that Prisma takes while it migrates.</summary>
    public const int LockKey = 72707369;

    /// <summary>An identifier, quoted (PostgreSQL documentation, 4.1.1).</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The table's full name: a search_path that a migration left behind must not decide which table is meant.</summary>
    public static string In(string schema) => $"{Quote(schema)}.{Name}";
}
