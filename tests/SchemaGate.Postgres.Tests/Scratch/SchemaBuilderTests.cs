using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Postgres.Tests.Scratch;

/// <summary>What is built from migrations and from a dump, and what is not.</summary>
public sealed class SchemaBuilderTests
{
    private const string Maker = "CREATE FUNCTION mk() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE ROLE made; END $$;\n";

    [Theory]
    [InlineData("CREATE TABLE users (id int); -- create user table", false)]
    [InlineData("COMMENT ON COLUMN t.role IS 'create user'; GRANT SELECT ON t TO reader;", false)]
    [InlineData("CREATE ROLE reader;", true)]
    [InlineData("ALTER USER reader SET search_path = x;", true)]
    [InlineData("GRANT reader TO writer;", true)]
    [InlineData("GRANT CONNECT ON DATABASE shop TO reader;", true)]
    [InlineData("DO $$ BEGIN IF true THEN GRANT app_ro TO app; END IF; END $$;", true)]
    [InlineData("DO $$ BEGIN REVOKE app_ro FROM app; END $$;", true)]
    [InlineData("DO $$ BEGIN GRANT SELECT\n  ON t TO app; END $$;", false)]
    [InlineData("DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;", true)]
    [InlineData("ALTER DATABASE shop SET timezone = 'UTC';", true)]
    [InlineData("REASSIGN OWNED BY a TO b;", true)]
    [InlineData("ALTER SYSTEM SET work_mem = '1MB';", true)]
    [InlineData("DO $$ BEGIN\n  -- create user table\n  CREATE TABLE users (id int); END $$;", false)]
    [InlineData(Maker, false)]
    [InlineData(Maker + "COMMENT ON FUNCTION mk() IS 'mk'; GRANT EXECUTE ON FUNCTION mk() TO reader;", false)]
    [InlineData(Maker + "CREATE TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION mk();", false)]
    [InlineData(Maker + "CREATE TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION mk(); INSERT INTO t VALUES (1);", true)]
    [InlineData(Maker + "SELECT pg_catalog.set_config('search_path', '', false); CREATE VIEW v AS SELECT mk();", false)]
    [InlineData(Maker + "SELECT mk();", true)]
    [InlineData(Maker + "DO $$ BEGIN PERFORM mk(); END $$;", true)]
    [InlineData(Maker + "CREATE FUNCTION other() RETURNS void LANGUAGE sql AS 'SELECT mk()'; SELECT other();", true)]
    [InlineData(Maker + "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION mk();", true)]
    public void What_acts_on_the_server_is_told_from_what_acts_on_a_database(string sql, bool isOfServer) =>
        Assert.Equal(isOfServer, ServerStatements.IsIn(sql));

    [Fact]
    public void A_function_that_acts_on_the_server_may_run_in_a_later_migration() =>
        Assert.Equal("2_b", ServerStatements.Find(TestDatabase.Set(("1_a", "SELECT 1;"), ("2_b", Maker), ("3_c", "SELECT mk();")))?.Name);

    [Theory]
    [InlineData("CREATE ROLE schemagate_never;", "1_a changes the server itself")]
    [InlineData("CREATE EXTENSION IF NOT EXISTS nothing_of_the_kind;", "has not the extension nothing_of_the_kind")]
    [InlineData("SELECT 1;\nALTER TABLE nowhere ADD x int;", "1_a, line 2: relation \"nowhere\" does not exist (42P01)")]
    [InlineData("CREATE TABLE t (); GRANT SELECT ON t TO schemagate_nobody;", "Create the role on the scratch server")]
    public async Task What_cannot_be_built_is_told_in_words_and_leaves_nothing(string sql, string says)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        DatabaseException refusal = await Assert.ThrowsAsync<DatabaseException>(
            () => Builder(database).BuildAsync(TestDatabase.Set(("1_a", sql)), TestContext.Current.CancellationToken));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync("SELECT rolname FROM pg_roles WHERE rolname = 'schemagate_never'"));
    }

    [Fact]
    public async Task Migrations_that_are_a_program_are_refused_with_what_to_do_instead()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        MigrationSet set = new([new("0001_a", "", MigrationChecksum.None) { Unjudged = "it is written in Python" }], [])
        {
            Tool = MigrationTool.Django,
        };
        DatabaseException refusal = await Assert.ThrowsAsync<DatabaseException>(
            () => Builder(database).BuildAsync(set, TestContext.Current.CancellationToken));
        Assert.Contains("python manage.py migrate", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("database:URL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tools_migrations_are_built_where_they_are_SQL()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        MigrationSet set = TestDatabase.Set(("V1__a", "CREATE TABLE a (id int);"), ("V2__b", "CREATE INDEX CONCURRENTLY b ON a (id);")) with
        {
            Tool = MigrationTool.Flyway,
        };
        await using ScratchDatabase built = await Builder(database).BuildAsync(set, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b"], await QueryAsync(database, built, "SELECT relname FROM pg_class WHERE relname IN ('a', 'b') ORDER BY 1"));
    }

    [Fact]
    public async Task A_dump_of_a_schema_is_built_whoever_owned_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        const string Dump = """
            \restrict abc
            SET client_encoding = 'UTF8';
            SELECT pg_catalog.set_config('search_path', '', false);
            CREATE SCHEMA public;
            ALTER SCHEMA public OWNER TO nobody_here;
            CREATE TABLE public.a (id integer NOT NULL);
            ALTER TABLE public.a OWNER TO nobody_here;
            \unrestrict abc
            """;
        await using ScratchDatabase built = await Builder(database).BuildAsync(
            new SchemaSource.OfScript("dump.sql", Dump), TestContext.Current.CancellationToken);
        Assert.Equal(["a"], await QueryAsync(database, built, "SELECT relname FROM pg_class WHERE relname = 'a'"));
        DatabaseException refusal = await Assert.ThrowsAsync<DatabaseException>(() => Builder(database).BuildAsync(
            new SchemaSource.OfScript("dump.sql", $"{Dump}\nSELECT 1;\nSELECT nothing;"), TestContext.Current.CancellationToken));
        Assert.Contains("dump.sql does not run in a new database: line 10: column \"nothing\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_built_is_built_with_the_live_databases_settings_and_anew_for_others()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        MigrationSet set = TestDatabase.Set(
            ("1_a", "CREATE SCHEMA IF NOT EXISTS app;\nCREATE TABLE t (at timestamptz DEFAULT '2024-01-01 00:00');"));
        await using (ScratchDatabase before = await Builder(database).BuildAsync(set, TestContext.Current.CancellationToken))
        {
            Assert.Equal(["public.t"], await QueryAsync(database, before, Where));
        }

        await database.ExecuteAsync(
            $"ALTER DATABASE {database.Name} SET search_path = app, \"$user\", public",
            $"ALTER DATABASE {database.Name} SET \"TimeZone\" = 'Europe/Berlin'", $"ALTER DATABASE {database.Name} SET app.secret = 'x'");
        await using ScratchDatabase built = await Builder(database).BuildAsync(set, TestContext.Current.CancellationToken);
        Assert.Empty(built.Notes);
        Assert.Equal(["app.t"], await QueryAsync(database, built, Where));
        Assert.Equal(
            ["app, \"$user\", public|Europe/Berlin|"],
            await QueryAsync(
                database, built,
                "SELECT current_setting('search_path'), current_setting('timezone'), current_setting('app.secret', true)"));
        await using ScratchDatabase empty = await Builder(database).EmptyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["Europe/Berlin"], await QueryAsync(database, empty, "SHOW timezone"));
    }

    private const string Where = "SELECT relnamespace::regnamespace::text || '.' || relname FROM pg_class WHERE relname = 't'";

    private static SchemaBuilder Builder(TestDatabase database) => new(database.Url(), ScratchOptions.Default, TimeProvider.System);

    private static Task<IReadOnlyList<string>> QueryAsync(TestDatabase database, ScratchDatabase built, string sql) =>
        TestDatabase.QueryAsync(database.UrlText().Replace(database.Name, built.Url.Database, StringComparison.Ordinal), sql);
}
