using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Tests.Introspection;

namespace SchemaGate.Postgres.Tests.Mending;

/// <summary>
/// Changes by hand in a schema that has every kind of object, mended both ways. A sample, drawn by <c>SCHEMAGATE_TEST_SEED</c>; all of them
/// where <c>SCHEMAGATE_TEST_SOAK</c> is set.
/// </summary>
public sealed class MendingTests(ITestOutputHelper output)
{
    private const int Sample = 24;
    private const string Roles = """
        DO $$ BEGIN
            CREATE ROLE schemagate_mend_reader; CREATE ROLE schemagate_mend_writer;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
        """;

    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task A_change_by_hand_is_found_and_mended_both_ways(string server)
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SEED"), CultureInfo.InvariantCulture, out int again)
            ? again : Random.Shared.Next();
        bool all = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SOAK") == "1";
        await using TestDatabase standard = await RichAsync(server);
        Catalog catalog = await standard.CatalogAsync();
        IReadOnlyList<DriftCase> cases = [.. DriftCase.All(seed, catalog.Major).Take(all ? int.MaxValue : Sample)];
        string dump = await standard.DumpAsync();
        ConcurrentBag<string> wrong = [];
        using SemaphoreSlim copying = new(1);
        Drift drift = new(standard, catalog, dump, copying);
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (item, _) =>
        {
            if (await WrongAsync(item, drift) is { } problem)
            {
                wrong.Add($"{item.Kind}: {item.Sql}\n{problem}\n");
            }
        });
        string drawn = $"PostgreSQL {catalog.Major}, SCHEMAGATE_TEST_SEED={seed}";
        output.WriteLine($"{drawn}: {cases.Count} changes");
        Assert.True(wrong.IsEmpty, $"{drawn}: {wrong.Count} of {cases.Count}\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task A_database_made_by_mending_alone_is_the_same(string server)
    {
        await using TestDatabase standard = await RichAsync(server);
        await using TestDatabase made = await TestDatabase.CreateAsync(standard.Server);
        Catalog catalog = await standard.CatalogAsync();
        MendPlan plan = MendedDatabase.Plan(catalog.Emptied, catalog);
        Assert.Empty(plan.Left);
        await made.RunAsync(plan);
        Assert.Empty(MendedDatabase.Changes(await made.CatalogAsync(), catalog));
        Assert.Equal(await standard.DumpAsync(), await made.DumpAsync());
    }

    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task A_database_is_emptied_by_mending_alone(string server)
    {
        await using TestDatabase made = await RichAsync(server);
        await using TestDatabase empty = await TestDatabase.CreateAsync(made.Server);
        (Catalog catalog, Catalog nothing) = (await made.CatalogAsync(), await empty.CatalogAsync());
        await made.RunAsync(MendedDatabase.Plan(catalog, nothing));
        Assert.Empty(MendedDatabase.Changes(await made.CatalogAsync(), nothing));
        Assert.Equal(await empty.DumpAsync(), await made.DumpAsync());
    }

    private static async Task<TestDatabase> RichAsync(string server)
    {
        TestDatabase database = await TestDatabase.CreateAsync(server.Length == 0 ? null : server);
        int major = (await database.CatalogAsync()).Major;
        string text = string.Join('\n', MajorLines.Of(File.ReadLines(Path.Combine(DriftCase.Folder, "Rich.sql")), major));
        await database.ExecuteAsync([Roles, .. SqlScript.Split(text).Select(statement => statement.Text)]);
        return database;
    }

    /// <summary>Null where all is well.</summary>
    private static async Task<string?> WrongAsync(DriftCase item, Drift standard)
    {
        await using TestDatabase drifted = await standard.CopyAsync(), other = await standard.CopyAsync();
        MendPlan there = new([], []), back = there;
        try
        {
            await drifted.ExecuteAsync(item.Statements);
            Catalog now = await drifted.CatalogAsync();
            CatalogName[] found = [.. MendedDatabase.Changes(standard.Catalog, now).Select(change => change.Name)];
            if (!found.Any(name => name.ToString().Contains(item.Names, StringComparison.Ordinal)))
            {
                return $"not found: {string.Join<CatalogName>(", ", found)}";
            }

            (there, back) = (MendedDatabase.Plan(standard.Catalog, now), MendedDatabase.Plan(now, standard.Catalog));
            string dump = await drifted.DumpAsync();
            await other.TryWithoutLossAsync(there);
            await drifted.TryWithoutLossAsync(back);
            await other.RunAsync(there);
            await drifted.RunAsync(back);
            return Differences("there", there, MendedDatabase.Changes(await other.CatalogAsync(), now), dump, await other.DumpAsync())
                ?? Differences("back", back, MendedDatabase.Changes(await drifted.CatalogAsync(), standard.Catalog), standard.Dump,
                    await drifted.DumpAsync());
        }
        catch (Npgsql.PostgresException exception)
        {
            return $"{exception.SqlState} {exception.MessageText}\nTHERE\n{Text(there)}\nBACK\n{Text(back)}";
        }
    }

    private static string? Differences(string way, MendPlan plan, IReadOnlyList<CatalogChange> changes, string wanted, string got)
    {
        // A column that was dropped comes back last, and the plan says so: then, and only then, the order of lines does not count.
        string[] last = [.. plan.Left.Where(left => left.Contains(" last, not at the place", StringComparison.Ordinal))];
        // What INHERIT leaves a table's own, and the plan says so.
        string[] own = [.. plan.Left.Where(left => left.Contains(" inherited is absent and should be yes", StringComparison.Ordinal))];
        StringBuilder problem = new();
        foreach (string left in plan.Left.Except([.. own, .. last], StringComparer.Ordinal))
        {
            problem.AppendLine(CultureInfo.InvariantCulture, $"left: {left}");
        }

        foreach (CatalogChange change in changes.Where(change => change.Facts is not [CatalogFact.Inherited]
            || !own.Any(left => left.Contains($" {change.Name}: ", StringComparison.Ordinal))))
        {
            problem.AppendLine(CultureInfo.InvariantCulture, $"differs: {change.Name.Kind} {CatalogWords.Of(change)}");
        }

        if (own.Length > 0)
        {
            return problem.Length == 0 ? null : $"{way}: {problem}";
        }

        string[] before = Lines(wanted, last.Length > 0), after = Lines(got, last.Length > 0);
        if (!before.SequenceEqual(after))
        {
            problem.AppendJoin("\n- ", before.Except(after, StringComparer.Ordinal).Prepend("dump:"))
                .AppendJoin("\n+ ", after.Except(before, StringComparer.Ordinal).Prepend(""));
        }

        return problem.Length == 0 ? null : $"{way}: {problem}\n{Text(plan)}";
    }

    private static string[] Lines(string dump, bool anyOrder) =>
        anyOrder ? [.. dump.Split('\n').Select(line => line.TrimEnd(',')).Order(StringComparer.Ordinal)] : dump.Split('\n');

    private static string Text(MendPlan plan) => MendScript.Text(plan, new(AllowDestructive: true));

    /// <summary>What every change is made to, and copied from one at a time.</summary>
    private sealed record Drift(TestDatabase Database, Catalog Catalog, string Dump, SemaphoreSlim Copying)
    {
        public async Task<TestDatabase> CopyAsync()
        {
            await Copying.WaitAsync();
            try
            {
                return await MendedDatabase.CopyAsync(Database);
            }
            finally
            {
                Copying.Release();
            }
        }
    }
}
