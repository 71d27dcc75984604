using System.Diagnostics;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tests.Cli;

namespace SchemaGate.Postgres.Tests.Scratch;

/// <summary>How many scratch databases there are at once, who may make them, and who removes them.</summary>
public sealed class ScratchMakerTests(OwnServer server) : IClassFixture<OwnServer>
{
    private const string Prefix = "schemagate_scratch_";

    private DatabaseUrl Url => TestDatabase.Parse(server.Url);

    [Fact]
    public async Task A_killed_process_leaves_a_database_that_the_next_one_drops_at_once_and_one_that_lives_keeps_its_own()
    {
        using Migrations checkout = new();
        checkout.Migrate(Migrations.Third, "SELECT pg_sleep(600);");
        Schemagate(checkout, "changelog", "init").WaitForExit();
        Process[] runs = [Start(checkout), Start(checkout)];
        await UntilAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE starts_with(datname, 'schemagate_scratch_') AND query LIKE '%pg_sleep%'", "2");
        IReadOnlyList<string> made = await server.LeftAsync(Prefix);
        runs[0].Kill();
        await runs[0].WaitForExitAsync(TestContext.Current.CancellationToken);
        await UntilAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid > 1000000", "1");
        Assert.Equal(2, (await server.LeftAsync(Prefix)).Count);
        await using (await CreateAsync(ScratchOptions.Default))
        {
            Assert.Single((await server.LeftAsync(Prefix)).Intersect(made, StringComparer.Ordinal));
        }

        runs[1].Kill();
        await runs[1].WaitForExitAsync(TestContext.Current.CancellationToken);
        await UntilAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid > 1000000", "0");
        await using (await CreateAsync(ScratchOptions.Default))
        {
            Assert.Empty((await server.LeftAsync(Prefix)).Intersect(made, StringComparer.Ordinal));
        }

        Assert.Empty(await server.LeftAsync(Prefix));
    }

    [Fact]
    public async Task There_are_no_more_at_once_than_the_limit_and_who_waited_in_vain_is_told_which()
    {
        ScratchOptions one = new() { Limit = 1, Wait = TimeSpan.FromMilliseconds(300) };
        await using (ScratchDatabase first = await CreateAsync(one))
        {
            DatabaseException refusal = await Assert.ThrowsAsync<DatabaseException>(() => CreateAsync(one));
            Assert.Contains(first.Url.Database, refusal.Message, StringComparison.Ordinal);
            Assert.Single(await server.LeftAsync(Prefix));
        }

        ScratchDatabase[] turns = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using ScratchDatabase turn = await CreateAsync(one with { Wait = TimeSpan.FromSeconds(60) });
            Assert.Single(await server.LeftAsync(Prefix));
            return turn;
        }));
        Assert.Distinct(turns.Select(turn => turn.Url.Database), StringComparer.Ordinal);
        Assert.Empty(await server.LeftAsync(Prefix));
    }

    [Fact]
    public async Task A_role_that_may_not_create_databases_is_told_what_lets_it()
    {
        await server.ExecuteAsync("CREATE ROLE reader LOGIN");
        DatabaseUrl url = TestDatabase.Parse(server.Url.Replace("postgres@", "reader@", StringComparison.Ordinal));
        DatabaseException refusal = await Assert.ThrowsAsync<DatabaseException>(() => ScratchDatabase.CreateAsync(
            url, ScratchOptions.Default, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(DatabaseFailure.PrivilegeMissing, refusal.Kind);
        Assert.Contains("`ALTER ROLE <role> CREATEDB`", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--scratch", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("reader", refusal.Message, StringComparison.Ordinal);
        await server.ExecuteAsync("ALTER ROLE reader CREATEDB");
        await using (await ScratchDatabase.CreateAsync(
            url, ScratchOptions.Default, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.Single(await server.LeftAsync(Prefix));
        }
    }

    [Fact]
    public async Task Encoding_and_collation_are_those_of_the_database_that_is_named()
    {
        await server.ExecuteAsync("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        DatabaseUrl latin = server.Database("latin");
        await using ScratchDatabase like = await CreateAsync(new() { Like = latin });
        Assert.Equal(["LATIN1|C|C"], await TestDatabase.QueryAsync(
            server.Url, "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = '"
                + $"{like.Url.Database}'"));
    }

    [Fact]
    public async Task A_run_that_is_canceled_while_it_waits_leaves_nothing()
    {
        ScratchOptions one = new() { Limit = 1 };
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(500));
        await using (await CreateAsync(one))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => ScratchDatabase.CreateAsync(Url, one, TimeProvider.System, soon.Token));
        }

        Assert.Empty(await server.LeftAsync(Prefix));
    }

    private Task<ScratchDatabase> CreateAsync(ScratchOptions options) =>
        ScratchDatabase.CreateAsync(Url, options, TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task UntilAsync(string query, string expected)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while ((await TestDatabase.QueryAsync(server.Url, query))[0] != expected)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It did not come to that: {query}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private Process Start(Migrations checkout) => Schemagate(checkout, "changelog", "checklist", Migrations.Third, "--scratch", server.Url);

    private static Process Schemagate(Migrations checkout, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "schemagate"), arguments)
        {
            WorkingDirectory = checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
}
