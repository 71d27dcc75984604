using SchemaGate.Core.Rehearsals;
using SchemaGate.Core.Risk;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Postgres.Tests.Rehearsing;

/// <summary>Migrations that run under a trace in a database of their own.</summary>
internal sealed class TracedDatabase(TestDatabase database) : IAsyncDisposable
{
    private readonly List<(string Name, string Sql)> _set = [];

    public TestDatabase Database => database;

    public static async Task<TracedDatabase> CreateAsync(string schema)
    {
        TracedDatabase traced = new(await TestDatabase.CreateAsync());
        traced._set.Add(("0_schema", schema));
        Assert.Null((await traced.Database.ApplyAsync([.. traced._set])).Failure);
        return traced;
    }

    /// <summary>The next migration, and what was seen of it.</summary>
    public async Task<(ApplyReport Report, ObservedMigration Seen)> RunAsync(string sql)
    {
        _set.Add(($"{_set.Count}_m", sql));
        MigrationTrace trace = new(database.Url(), _set[^1].Name, TimeProvider.System, TestContext.Current.CancellationToken);
        ApplyReport report = await TestDatabase.ApplyAsync(
            database.Url(), ApplyOptions.Default with { Around = trace.AroundAsync }, [.. _set]);
        return (report, trace.Observed);
    }

    /// <summary>What the rules say of the last one.</summary>
    public MigrationRisk Said(int major) => RiskJudge.Judge(
        [.. _set.Select(migration => new ParsedMigration(migration.Name, migration.Sql, StatementReader.Read(migration.Sql)))],
        RiskOptions.Default with { TargetMajor = major })[^1];

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
