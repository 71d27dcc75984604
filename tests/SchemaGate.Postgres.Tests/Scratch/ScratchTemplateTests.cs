using System.Diagnostics;
using Npgsql;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tests.Scratch;

/// <summary>What migrations build is built once and copied.</summary>
public sealed class ScratchTemplateTests(OwnServer server) : IClassFixture<OwnServer>, IAsyncLifetime
{
    private const string Prefix = "schemagate_template_";

    private int _built;

    private DatabaseUrl Url => TestDatabase.Parse(server.Url);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The next test's server has none.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in await server.LeftAsync())
        {
            await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    [Fact]
    public async Task Two_at_once_build_once_and_a_copy_is_made_in_a_moment()
    {
        ScratchDatabase[] both = await Task.WhenAll(CloneAsync("a"), CloneAsync("a"));
        foreach (ScratchDatabase copy in both)
        {
            await RunAsync(copy.Url, "INSERT INTO built VALUES (1)", TestContext.Current.CancellationToken);
            await copy.DisposeAsync();
        }

        Assert.Equal(1, _built);
        Stopwatch watch = Stopwatch.StartNew();
        await using ScratchDatabase third = await CloneAsync("a");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"A copy took {watch.Elapsed}.");
        Assert.Equal(1, _built);
        Assert.Equal(["off"], await TestDatabase.QueryAsync(
            new UriBuilder(server.Url) { Path = third.Url.Database }.Uri.AbsoluteUri, "SHOW default_transaction_read_only"));
    }

    /// <summary>Their sessions lock in different databases: the template's name is what keeps them apart.</summary>
    [Fact]
    public async Task Two_who_come_through_different_databases_build_once()
    {
        await server.ExecuteAsync("CREATE DATABASE other");
        DatabaseUrl other = server.Database("other");
        ScratchDatabase[] both = await Task.WhenAll(CloneAsync("a"), CloneAsync("a", other));
        await both[0].DisposeAsync();
        await both[1].DisposeAsync();
        Assert.Equal(1, _built);
        await server.ExecuteAsync("DROP DATABASE other");
    }

    [Fact]
    public async Task What_is_only_read_costs_no_copy_and_cannot_be_changed()
    {
        DatabaseUrl url = await ReadableAsync("a");
        Assert.StartsWith(Prefix, url.Database, StringComparison.Ordinal);
        Assert.Equal(url.Database, (await ReadableAsync("a")).Database);
        Assert.Equal(1, _built);
        Assert.Equal(["0"], await TestDatabase.QueryAsync(
            new UriBuilder(server.Url) { Path = url.Database }.Uri.AbsoluteUri, "SELECT count(*) FROM built"));
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(
            () => RunAsync(url, "CREATE TABLE other (id int)", TestContext.Current.CancellationToken));
        Assert.Equal("25006", refusal.SqlState);
        Assert.Equal([url.Database], await server.LeftAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_template_that_was_used_when_the_clock_was_ahead_is_copied_all_the_same()
    {
        string name = (await ReadableAsync("a")).Database;
        long ahead = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        await server.ExecuteAsync($"COMMENT ON DATABASE {name} IS '{ScratchEntry.TemplateComment(ahead)}'");
        await using ScratchDatabase copy = await CloneAsync("a");
        await RunAsync(copy.Url, "INSERT INTO built VALUES (1)", TestContext.Current.CancellationToken);
        Assert.Equal(1, _built);
    }

    [Fact]
    public async Task What_fails_or_is_canceled_leaves_no_template_and_no_copy()
    {
        await Assert.ThrowsAsync<DatabaseException>(() => ScratchTemplates.CloneAsync(
            Url, "bad", (url, cancellation) => RunAsync(url, "SELECT 1 / 0", cancellation), ScratchOptions.Default, TimeProvider.System,
            TestContext.Current.CancellationToken));
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(700));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScratchTemplates.CloneAsync(
            Url, "slow", (url, cancellation) => RunAsync(url, "SELECT pg_sleep(60)", cancellation), ScratchOptions.Default,
            TimeProvider.System, soon.Token));
        Assert.Empty(await server.LeftAsync());
    }

    [Fact]
    public async Task What_a_dead_builder_left_is_built_anew()
    {
        await using (await CloneAsync("a"))
        {
        }

        string name = Assert.Single(await server.LeftAsync());
        await server.ExecuteAsync($"COMMENT ON DATABASE {name} IS NULL");
        await using ScratchDatabase copy = await CloneAsync("a");
        Assert.Equal(2, _built);
        Assert.Contains(name, await server.LeftAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_next_drops_what_others_left_of_theirs_and_nothing_else()
    {
        string[] left =
        [
            $"{Prefix}{new string('a', 32)}", $"{Prefix}{new string('b', 32)}", "schemagate_scratch_1700000000_0123abcd_0123456789ab",
        ];
        string[] others =
        [
            "schemagate_old", "schemagate_scratch_1_my_prod", "schemagate_scratch_1700000000_mine", "schemagate_scratch_rv1_my_prod",
            $"{Prefix}rv1_mine", $"{Prefix}shop",
        ];
        await server.ExecuteAsync([.. left.Concat(others).Select(name => $"CREATE DATABASE {name}")]);
        await server.ExecuteAsync(
            [.. new[] { left[1], others[^1] }.Select(name => $"COMMENT ON DATABASE {name} IS 'Last used at 1700000000.'")]);
        DatabaseUrl url = await ReadableAsync("a");
        Assert.Equal(others.Append(url.Database).Order(StringComparer.Ordinal), (await server.LeftAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_more_are_kept_than_the_limit_and_the_longest_unused_goes()
    {
        foreach (string digest in (string[])["a", "b", "a", "c"])
        {
            await using ScratchDatabase copy = await CloneAsync(digest);
            // A template's last use is told in seconds.
            await Task.Delay(1100, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, (await server.LeftAsync(Prefix)).Count);
        Assert.Equal(3, _built);
        await using (await CloneAsync("a"))
        {
        }

        Assert.Equal(3, _built);
        await using (await CloneAsync("b"))
        {
        }

        Assert.Equal(4, _built);
    }

    [Fact]
    public async Task What_an_older_look_saw_dead_is_not_dropped_while_somebody_builds_it()
    {
        string name = $"{Prefix}{new string('c', 32)}";
        await server.ExecuteAsync("CREATE DATABASE other", $"CREATE DATABASE {name}");
        await using ScratchKeeper keeper = await OpenAsync(Url);
        await using ScratchKeeper maker = await OpenAsync(server.Database("other"));
        ScratchListing old = await keeper.ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([name], old.LeftOver.Select(database => database.Name), StringComparer.Ordinal);
        await maker.TryLockAsync(name, TestContext.Current.CancellationToken);
        await DropAsync();
        Assert.Equal([name], await server.LeftAsync(), StringComparer.Ordinal);
        await maker.UnlockAsync(name);
        await DropAsync();
        Assert.Empty(await server.LeftAsync());
        await maker.DisposeAsync();
        await server.ExecuteAsync("DROP DATABASE other");

        Task DropAsync() => keeper.DropAsync(old, listing => listing.LeftOver, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_template_that_somebody_reads_or_is_about_to_read_is_not_dropped_for_another()
    {
        DatabaseUrl read = await ReadableAsync("a");
        ScratchOptions one = new() { Templates = 1 };
        DatabaseUrl next = await ReadableAsync("b", one);
        Assert.Equal(2, (await server.LeftAsync(Prefix)).Count);
        await using (NpgsqlDataSource source = DatabaseConnections.ForRun(read))
        await using (NpgsqlConnection reader = await DatabaseConnections.OpenAsync(
            source, read, TestContext.Current.CancellationToken))
        {
            DatabaseUrl last = await ReadableAsync("c", one with { LeastKept = TimeSpan.Zero });
            Assert.Equal(
                new[] { read.Database, last.Database }.Order(StringComparer.Ordinal),
                (await server.LeftAsync(Prefix)).Order(StringComparer.Ordinal));
            await using NpgsqlCommand command = new("SELECT count(*) FROM built", reader);
            Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        Assert.NotEqual(read.Database, next.Database, StringComparer.Ordinal);
    }

    private static Task<ScratchKeeper> OpenAsync(DatabaseUrl url) =>
        ScratchKeeper.OpenAsync(url, TimeProvider.System, TestContext.Current.CancellationToken);

    private Task<ScratchDatabase> CloneAsync(string digest, DatabaseUrl? through = null) => ScratchTemplates.CloneAsync(
        through ?? Url, digest, BuildAsync, new() { Templates = 2, LeastKept = TimeSpan.Zero }, TimeProvider.System,
        TestContext.Current.CancellationToken);

    private Task<DatabaseUrl> ReadableAsync(string digest, ScratchOptions? options = null) => ScratchTemplates.ReadableAsync(
        Url, digest, BuildAsync, options ?? ScratchOptions.Default, TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task BuildAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _built);
        await RunAsync(url, "CREATE TABLE built (id int)", cancellation);
    }

    private static async Task RunAsync(DatabaseUrl url, string sql, CancellationToken cancellation)
    {
        await using NpgsqlDataSource source = DatabaseConnections.ForRun(url);
        await using NpgsqlConnection connection = await DatabaseConnections.OpenAsync(source, url, cancellation);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
