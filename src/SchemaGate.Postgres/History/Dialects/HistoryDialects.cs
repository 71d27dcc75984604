using SchemaGate.Core.Databases;

namespace SchemaGate.Postgres.History.Dialects;

/// <summary>Every dialect, and which of them a database speaks.</summary>
internal static class HistoryDialects
{
    public static PrismaHistory Prisma { get; } = new();

    public static IReadOnlyList<HistoryDialect> All { get; } =
    [
        Prisma, new FlywayHistory(), new LiquibaseHistory(), new EfCoreHistory(), new GolangMigrateHistory(), new GooseHistory(),
        new DbmateHistory(), new RailsHistory(), new AlembicHistory(), new DjangoHistory(), new AtlasHistory(), new DrizzleHistory(),
        new KnexHistory(), new NodePgMigrateHistory(), new SqlxHistory(),
    ];

    /// <summary>The names of tables to look for in the catalog.</summary>
    public static IEnumerable<string> Tables { get; } = [.. All.Select(dialect => dialect.Table).Append(RailsHistory.Metadata)
        .Distinct(StringComparer.Ordinal)];

    /// <summary>The schemas to look in besides the connection's.</summary>
    public static IEnumerable<string> Schemas { get; } = [.. All.Select(dialect => dialect.OwnSchema).OfType<string>()];

    /// <summary>Prisma's table, whether it is there or not.</summary>
    public static HistorySource PrismaIn(string schema) => new(Prisma, new CatalogTable(schema, Prisma.Table, 'r', ""));

    /// <summary>
    /// The history that is meant: the named tool's; with no tool named Prisma's where there is one, else the only one. Null where there is
    /// none.
    /// </summary>
    /// <exception cref="DatabaseException">There are several, or what is there is not what it is called.</exception>
    public static HistorySource? Choose(IReadOnlyList<CatalogTable> catalog, string schema, MigrationTool? tool)
    {
        List<HistorySource> found = [.. All
            .Where(dialect => tool is null || dialect.Tool == tool)
            .Select(dialect => Find(dialect, catalog, schema, isNamed: tool is not null))
            .OfType<HistorySource>()];
        HistorySource? chosen = found.Find(source => source.Dialect == Prisma) ?? found.FirstOrDefault();
        if (chosen is null || chosen.Dialect == Prisma)
        {
            return chosen;
        }

        if (found.Count > 1)
        {
            throw Unreadable(
                "There is more than one history: "
                + $"{string.Join(" and ", found.Select(source => $"{source.Guide.Name}'s ({source.Table})"))}. "
                + "Name the tool that is meant in spec.database.tool (--tool).");
        }

        return chosen.Problem is { } problem ? throw Unreadable(problem) : chosen;
    }

    private static HistorySource? Find(HistoryDialect dialect, IReadOnlyList<CatalogTable> catalog, string schema, bool isNamed)
    {
        List<CatalogTable> tables = [.. catalog.Where(table => table.Name == dialect.Table && (isNamed || dialect.Claims(table, catalog)))];
        CatalogTable? table = tables.Find(table => table.Schema == schema) ?? tables.Find(table => table.Schema == dialect.OwnSchema);
        return table is null ? null : new(dialect, table);
    }

    private static DatabaseException Unreadable(string message) => new(DatabaseFailure.HistoryUnreadable, message);
}
