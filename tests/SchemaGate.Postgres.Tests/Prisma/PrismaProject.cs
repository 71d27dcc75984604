using System.Diagnostics;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Resolving;

namespace SchemaGate.Postgres.Tests.Prisma;

/// <summary>What a run of Prisma's command line printed and returned.</summary>
internal sealed record PrismaOutcome(int Code, string Output);

/// <summary>
/// A migrations directory and a database that Prisma's own command line and SchemaGate work on in turn. SCHEMAGATE_TEST_PRISMA names the
/// directory that tests/prisma/install printed.
/// </summary>
internal sealed class PrismaProject : IAsyncDisposable
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(90);

    private readonly string _prisma;
    private readonly string _migrations = Directory.CreateTempSubdirectory("schemagate-prisma-").FullName;

    private PrismaProject(string prisma, TestDatabase database)
    {
        _prisma = prisma;
        Database = database;
    }

    public TestDatabase Database { get; }

    public string Migrations => _migrations;

    public MigrationSet Set => MigrationSet.Read(Directory.EnumerateFiles(_migrations, "*", SearchOption.AllDirectories)
        .Select(file => KeyValuePair.Create(Path.GetRelativePath(_migrations, file), (ReadOnlyMemory<byte>)File.ReadAllBytes(file))));

    public static async Task<PrismaProject> CreateAsync()
    {
        string? prisma = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_PRISMA");
        if (!File.Exists(Path.Combine(prisma ?? "", "prisma.config.mjs")))
        {
            Prerequisite.Missing("SCHEMAGATE_TEST_PRISMA does not name the directory that tests/prisma/install prints.");
        }

        return new PrismaProject(prisma!, await TestDatabase.CreateAsync());
    }

    /// <summary>Writes a migration, or edits it.</summary>
    public void Write(string name, string sql)
    {
        Directory.CreateDirectory(Path.Combine(_migrations, name));
        File.WriteAllText(Path.Combine(_migrations, name, "migration.sql"), sql);
    }

    public async Task<string> ApplyAsync()
    {
        ApplyReport report = await new MigrationApplier(TimeProvider.System).ApplyAsync(
            Database.Url(), Set, new ApplyOptions { LockTimeout = MostPatience }, null, TestContext.Current.CancellationToken);
        return report.Failure is null ? string.Join(' ', report.Applied.Select(applied => applied.Name)) : report.Failure.Kind.ToString();
    }

    public async Task ResolveAsync(ResolveAction action)
    {
        ResolveResult result = await new HistoryResolver(TimeProvider.System).ResolveAsync(
            Database.Url(), Set, action, ResolveOptions.Default, null, TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
    }

    /// <summary><c>prisma migrate …</c>.</summary>
    public Task<PrismaOutcome> PrismaAsync(params string[] args) => PrismaAsync("", args);

    /// <summary>With a pattern of what Prisma is to print of its own work (https://www.npmjs.com/package/debug).</summary>
    public async Task<PrismaOutcome> PrismaAsync(string debug, string[] args)
    {
        ProcessStartInfo start = new("node", [Path.Combine(
            _prisma, "node_modules/prisma/build/index.js"), "migrate", .. args, "--config", Path.Combine(_prisma, "prisma.config.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _migrations,
            Environment =
            {
                ["DATABASE_URL"] = Database.UrlText(),
                ["PRISMA_TEST_MIGRATIONS"] = _migrations,
                ["PRISMA_SCHEMA_ENGINE_BINARY"] = Path.Combine(_prisma, "native-engine"),
                ["PRISMA_QUERY_ENGINE_LIBRARY"] = Path.Combine(_prisma, "native-engine"),
                ["CHECKPOINT_DISABLE"] = "1",
                ["PRISMA_HIDE_UPDATE_MESSAGE"] = "1",
                ["DEBUG"] = debug,
            },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(MostPatience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new PrismaOutcome(process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public async Task PrismaSaysAsync(string words, params string[] args)
    {
        PrismaOutcome outcome = await PrismaAsync(args);
        Assert.Contains(words, outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Every column of every row; of ids and times what must be alike.</summary>
    public async Task<string> RowsAsync() => string.Join('\n', await Database.QueryAsync("""
        SELECT migration_name, checksum, applied_steps_count,
               CASE WHEN logs IS NULL THEN 'no logs' WHEN logs = '' THEN 'empty logs' ELSE 'an error' END,
               CASE WHEN finished_at IS NULL THEN 'unfinished' WHEN finished_at = started_at THEN 'finished at once'
                 WHEN finished_at > started_at THEN 'finished' END,
               CASE WHEN rolled_back_at IS NULL THEN '' WHEN rolled_back_at >= started_at THEN 'rolled back' END,
               id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
        FROM _prisma_migrations ORDER BY started_at
        """));

    /// <summary>The history table as the catalogs have it.</summary>
    public async Task<string> TableAsync() => string.Join('\n', await Database.QueryAsync("""
        SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
               a.attstorage, a.attcollation, a.attidentity
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = '_prisma_migrations'::regclass AND a.attnum > 0
        UNION ALL SELECT 100, conname, pg_get_constraintdef(oid), convalidated, NULL, contype, 0, ''
        FROM pg_constraint WHERE conrelid = '_prisma_migrations'::regclass
        UNION ALL SELECT 101, relname, reloptions::text, relrowsecurity, relam::text, relpersistence, reltablespace, relkind
        FROM pg_class WHERE oid = '_prisma_migrations'::regclass
          OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = '_prisma_migrations'::regclass)
        ORDER BY 1, 2
        """));

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_migrations, recursive: true);
        await Database.DisposeAsync();
    }
}
