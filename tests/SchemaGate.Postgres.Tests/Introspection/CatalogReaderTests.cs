using System.Diagnostics;
using Npgsql;
using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres.Introspection;

namespace SchemaGate.Postgres.Tests.Introspection;

public sealed class CatalogReaderTests
{
    /// <summary>Rewritten where SCHEMAGATE_TEST_REWRITE is set, and to be read then.</summary>
    [Fact]
    public async Task Everything_is_read_with_its_facts_and_needs()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", CatalogDatabase.Everything);
        Catalog catalog = await database.CatalogAsync();
        Assert.SkipUnless(catalog.Major == 15, "The golden file is of PostgreSQL 15.");
        string text = string.Concat(catalog.Objects.Values.Select(Text));
        if (Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_REWRITE") == "1")
        {
            await File.WriteAllTextAsync(CatalogDatabase.Golden, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(CatalogDatabase.Golden, TestContext.Current.CancellationToken), text);
    }

    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task Two_databases_of_one_text_do_not_differ(string server)
    {
        await using TestDatabase one = await CatalogDatabase.MakeAsync(server, CatalogDatabase.Everything);
        await using TestDatabase two = await CatalogDatabase.MakeAsync(server, CatalogDatabase.Everything);
        Assert.Empty(CatalogDatabase.Words(await one.CatalogAsync(), await two.CatalogAsync()));
    }

    /// <summary>But for what a server makes of a locale's name.</summary>
    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task Neither_do_those_of_two_majors(string server)
    {
        await using TestDatabase one = await CatalogDatabase.MakeAsync("", CatalogDatabase.Everything);
        await using TestDatabase two = await CatalogDatabase.MakeAsync(server, CatalogDatabase.Everything);
        Assert.DoesNotContain(
            CatalogDatabase.Words(await one.CatalogAsync(), await two.CatalogAsync()),
            change => !change.StartsWith("collation public.natural_sort", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CatalogDatabase.Servers), MemberType = typeof(CatalogDatabase))]
    public async Task A_role_without_any_privilege_reads_the_same(string server)
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync(server, CatalogDatabase.Everything);
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'", "REVOKE ALL ON SCHEMA public FROM PUBLIC");
        Catalog read = await new CatalogReader(database.Connections).ReadAsync(
            database.Url(user: role, password: "planted-secret"), CatalogDatabase.Schemas, TestContext.Current.CancellationToken);
        Assert.Equal((await database.CatalogAsync()).Objects.Values.Select(Text), read.Objects.Values.Select(Text), StringComparer.Ordinal);
        await database.ExecuteAsync($"DROP ROLE {role}");
    }

    [Fact]
    public async Task A_catalog_that_a_role_may_not_read_is_told_by_name()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("");
        string role = $"r{Guid.NewGuid():N}";
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'planted-secret'", "REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC");
        DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(() => new CatalogReader(database.Connections).ReadAsync(
            database.Url(user: role, password: "planted-secret"), ["public"], TestContext.Current.CancellationToken));
        Assert.Equal((DatabaseFailure.CatalogUnreadable, "42501"), (failure.Kind, failure.SqlState));
        Assert.Contains("pg_proc", failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync($"DROP ROLE {role}");
    }

    [Fact]
    public async Task More_than_the_limits_is_not_read_and_the_next_look_is_as_good_as_new()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", CatalogDatabase.Everything);
        foreach (CatalogLimits limits in (CatalogLimits[])[new() { Rows = 20 }, new() { Bytes = 2000 }])
        {
            DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(
                () => new CatalogReader(database.Connections, limits).ReadAsync(
                    database.Url(), CatalogDatabase.Schemas, TestContext.Current.CancellationToken));
            Assert.Equal(DatabaseFailure.CatalogTooLarge, failure.Kind);
            Assert.Contains("Name fewer schemas", failure.Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty((await database.CatalogAsync()).Objects);
    }

    [Fact]
    public async Task A_table_that_is_locked_for_long_is_told()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", CatalogDatabase.Everything);
        await using NpgsqlConnection other = await database.ConnectAsync();
        foreach (string statement in (string[])["BEGIN", "LOCK users IN ACCESS EXCLUSIVE MODE"])
        {
            await new NpgsqlCommand(statement, other).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        CatalogLimits limits = new() { Lock = TimeSpan.FromSeconds(0.5) };
        DatabaseException failure = await Assert.ThrowsAsync<DatabaseException>(() => new CatalogReader(database.Connections, limits)
            .ReadAsync(database.Url(), CatalogDatabase.Schemas, TestContext.Current.CancellationToken));
        Assert.Equal((DatabaseFailure.CatalogUnreadable, "55P03"), (failure.Kind, failure.SqlState));
    }

    /// <summary>It keeps what a view's definition locks until it ends, and whoever alters that waits, with all behind it.</summary>
    [Fact]
    public async Task A_reading_for_a_fold_does_not_lock_what_views_read()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", "CREATE TABLE a (id int)", "CREATE VIEW v AS TABLE a");
        await using NpgsqlConnection other = await database.ConnectAsync();
        foreach (string statement in (string[])["BEGIN", "LOCK a IN ACCESS EXCLUSIVE MODE"])
        {
            await new NpgsqlCommand(statement, other).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        CatalogLimits limits = new() { Lock = TimeSpan.FromSeconds(0.5), OnlyFolded = true };
        Catalog folded = await new CatalogReader(database.Connections, limits)
            .ReadAsync(database.Url(), CatalogDatabase.Schemas, TestContext.Current.CancellationToken);
        Assert.Contains(folded.Objects.Keys, name => name is { Kind: CatalogKind.View, Name: "v" });
    }

    [Fact]
    public async Task It_writes_nothing_and_leaves_no_setting_behind()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", CatalogDatabase.Everything);
        await database.CatalogAsync();
        string[] settings = await database.Connections.ReadAsync(
            database.Url(), "", async connection =>
            {
                await using NpgsqlCommand command = new(
                    "SELECT current_setting('search_path') || ' ' || current_setting('statement_timeout') || ' ' || "
                    + "current_setting('transaction_read_only')", connection);
                return new[] { (string)(await command.ExecuteScalarAsync())! };
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("\"$user\", public 0 off", settings[0]);
    }

    [Fact]
    public async Task A_databases_own_settings_make_no_difference()
    {
        const string Sql = """
            CREATE TABLE t (at timestamptz DEFAULT '2024-07-01 12:00+00', pause interval DEFAULT '1 day 2 hours',
                day date DEFAULT '2024-02-01',
                bytes bytea DEFAULT '\xff', part double precision DEFAULT 0.1::double precision + '0.3'::double precision,
                back text DEFAULT '\')
                PARTITION BY RANGE (at);
            CREATE TABLE t_2024 PARTITION OF t FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00');
            """;
        await using TestDatabase plain = await CatalogDatabase.MakeAsync("", Sql);
        await using TestDatabase set = await CatalogDatabase.MakeAsync("", Sql);
        string[] settings =
        [
            "timezone = 'Europe/Berlin'", "datestyle = 'German'", "intervalstyle = 'iso_8601'", "bytea_output = 'escape'",
            "extra_float_digits = -10", "standard_conforming_strings = off",
        ];
        await set.ExecuteAsync([.. settings.Select(setting => $"ALTER DATABASE \"{set.Name}\" SET {setting}")]);
        Assert.Empty(CatalogDatabase.Words(await plain.CatalogAsync(), await set.CatalogAsync()));
    }

    [Fact]
    public async Task Default_privileges_are_the_owners_whoever_that_is()
    {
        const string Sql = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC";
        await using TestDatabase one = await CatalogDatabase.MakeAsync("", "CREATE TABLE t ()", Sql);
        await using TestDatabase other = await CatalogDatabase.MakeAsync("");
        string role = $"r{Guid.NewGuid():N}";
        await other.ExecuteAsync(
            $"CREATE ROLE {role}", $"GRANT CREATE ON SCHEMA public TO {role}", $"SET ROLE {role}", "CREATE TABLE t ()", Sql, "RESET ROLE",
            $"REVOKE CREATE ON SCHEMA public FROM {role}");
        Assert.Empty(CatalogDatabase.Words(await one.CatalogAsync(), await other.CatalogAsync()));
        await other.ExecuteAsync("ALTER TABLE t OWNER TO CURRENT_USER", Sql);
        Assert.Equal(
            $"public.default privileges of {role} on tables is there, and the history does not make it",
            string.Join('\n', CatalogDatabase.Words(await one.CatalogAsync(), await other.CatalogAsync())));
        await other.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
    }

    [Fact]
    public async Task A_roles_name_is_one_name_whatever_is_in_it()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", "CREATE TABLE t (a integer)");
        string name = $"r{Guid.NewGuid():N}\"\npublic, public'='(";
        string role = QuotedName.Of(name);
        await database.ExecuteAsync($"CREATE ROLE {role}", $"GRANT SELECT ON t TO {role}", $"CREATE POLICY p ON t TO {role}");
        Catalog catalog = await database.CatalogAsync();
        Assert.Equal(
            [name], CatalogGrants.Of(catalog[new CatalogName(CatalogKind.Table, "public", null, "t")]!).Keys, StringComparer.Ordinal);
        Assert.Equal(
            [name], CatalogGrants.OfPolicy(catalog[new CatalogName(CatalogKind.Policy, "public", "t", "p")]!), StringComparer.Ordinal);
        string made = string.Join('\n', CatalogMending.Of(catalog.Emptied, catalog,
            CatalogComparison.Compare(catalog.Emptied, catalog, CatalogScope.Default)).Statements.Select(statement => statement.Sql));
        Assert.Contains($"GRANT SELECT ON TABLE \"public\".\"t\" TO {role};", made, StringComparison.Ordinal);
        Assert.Contains($"CREATE POLICY \"p\" ON \"public\".\"t\" FOR ALL TO {role};", made, StringComparison.Ordinal);
        await database.ExecuteAsync($"DROP OWNED BY {role}", $"DROP ROLE {role}");
    }

    [Fact]
    public async Task A_schema_that_is_not_there_has_nothing()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync("");
        Catalog catalog = await new CatalogReader(database.Connections).ReadAsync(
            database.Url(), ["nobody's \"{,}\\"], TestContext.Current.CancellationToken);
        Assert.Equal("Extension plpgsql", string.Join(' ', catalog.Objects.Keys.Select(name => $"{name.Kind} {name}")));
    }

    [Fact]
    public async Task Extensions_bring_no_objects_and_are_needed()
    {
        await using TestDatabase database = await CatalogDatabase.MakeAsync(
            "", "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TABLE t (a citext[], b hstore)");
        Catalog catalog = await database.CatalogAsync();
        Assert.Equal(
            "Schema public, Extension citext, Extension hstore, Extension plpgsql, Table public.t, Column public.t.a, Column public.t.b",
            string.Join(", ", catalog.Objects.Keys.Select(name => $"{name.Kind} {name}")));
        Assert.Contains(
            new CatalogName(CatalogKind.Extension, null, null, "citext"),
            catalog[new CatalogName(CatalogKind.Column, "public", "t", "a")]!.Needs);
    }

    /// <summary>Two cores that thirty processes share take a third of a second; what grows with the square takes longer anywhere.</summary>
    [Fact]
    public async Task A_schema_of_177_tables_is_read_and_compared_in_a_moment()
    {
        string sql = string.Concat(Enumerable.Range(0, 177).Select(table => $"""
            CREATE TABLE t{table} (id text PRIMARY KEY, {string.Join(", ", Enumerable.Range(0, 20).Select(column =>
                $"c{column} {(column % 3 == 0 ? "integer NOT NULL DEFAULT 0" : "text")}"))},
                parent text REFERENCES t{Math.Max(0, table - 1)} (id) ON DELETE CASCADE);
            CREATE INDEX t{table}_a ON t{table} (c1, c2);
            CREATE UNIQUE INDEX t{table}_b ON t{table} (c3);
            """));
        await using TestDatabase database = await CatalogDatabase.MakeAsync("", sql);
        Catalog before = await database.CatalogAsync();
        List<double> times = [];
        for (int look = 0; look < 7; look++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Empty(CatalogComparison.Compare(before, await database.CatalogAsync(), CatalogScope.Default));
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', times));
        Assert.InRange(times.Min(), 0, 2);
    }

    private static string Text(CatalogObject thing) => string.Concat(
        $"{thing.Kind} {thing.Name}\n",
        string.Concat(thing.Facts.Where(fact => fact.Key != CatalogFact.Grants || thing.Kind != CatalogKind.Schema)
            .Select(fact => $"    {fact.Key}: {fact.Value}\n")),
        string.Concat(thing.Needs.Select(need => $"    needs {need.Kind} {need}\n")));
}
