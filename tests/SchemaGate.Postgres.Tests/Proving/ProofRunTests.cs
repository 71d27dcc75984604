using SchemaGate.Core.Proofs;
using SchemaGate.Postgres.Proving;

namespace SchemaGate.Postgres.Tests.Proving;

/// <summary>What one migration does to one statement of running code.</summary>
public sealed class ProofRunTests
{
    private const string Schema = """
        CREATE TYPE mood AS ENUM ('calm', 'cross');
        CREATE TABLE users (id serial PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, name text, mood mood NOT NULL DEFAULT 'calm');
        CREATE TABLE orders (
          id bigserial PRIMARY KEY, user_id integer NOT NULL REFERENCES users, total numeric(10, 2) NOT NULL, at timestamptz NOT NULL
          DEFAULT now(), data jsonb, tags text[]);
        CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := lower(NEW.name); RETURN NEW; END $$;
        CREATE TABLE contacts (id serial, email text CHECK (email LIKE '%@%'));
        CREATE TABLE away (id integer);
        CREATE TABLE shapes (id serial, area polygon NOT NULL);
        CREATE FUNCTION full_name(integer) RETURNS text LANGUAGE sql AS 'SELECT name FROM users WHERE id = $1';
        CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp();
        """;

    [Theory]
    [InlineData("SELECT $1 FROM orders WHERE at >= date $2")]
    [InlineData("SELECT id FROM orders WHERE at > now() - interval $1 day")]
    [InlineData("SELECT id FROM orders WHERE at > timestamp with time zone $1 AND at < timestamptz $2")]
    [InlineData("SELECT extract($1 FROM at) FROM orders")]
    [InlineData("SELECT jsonb_build_object($1, id, $2, total) FROM orders")]
    [InlineData("SELECT concat($1, name, $2), format($3, name) FROM users")]
    [InlineData("SELECT $1 + $2, generate_series($3, $4)")]
    [InlineData("SELECT id FROM orders WHERE at > now() - $1 AND id IN ($2 /*, ... */)")]
    [InlineData("SELECT date_trunc($1, at), count(*) FROM orders GROUP BY date_trunc($2, at)")]
    [InlineData("SELECT id FROM users WHERE mood = \"mood\" $1 AND email = varchar(10) $2")]
    [InlineData("SELECT id FROM orders WHERE tags && ARRAY[$1, $2] AND id = ANY($3) AND data @> $4 LIMIT $5 OFFSET $6")]
    [InlineData("SELECT id FROM orders FETCH FIRST $1 ROWS ONLY")]
    [InlineData("SELECT substring(name from $1 for $2), position($3 in name), at at time zone $4 FROM users, orders")]
    [InlineData("INSERT INTO users (email) VALUES ($1), ($2) ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name RETURNING *")]
    [InlineData("WITH gone AS (DELETE FROM orders WHERE id = $1 RETURNING *) SELECT count(*) FROM gone")]
    [InlineData("SELECT data ->> $1, data -> $2, data #>> $3, coalesce(data, $4) FROM orders")]
    public async Task A_text_of_the_normaliser_is_prepared_and_survives_what_it_has_nothing_to_do_with(string text)
    {
        ProofOutcome outcome = await ProveAsync(text, "CREATE TABLE others (id integer);");
        Assert.IsType<ProofOutcome.Survives>(outcome);
    }

    [Theory]
    [InlineData("SELECT name FROM users", "ALTER TABLE users DROP COLUMN name;", "42703")]
    [InlineData("SELECT name FROM users WHERE id = $1", "ALTER TABLE users RENAME name TO full_name;", "42703")]
    [InlineData("SELECT id FROM orders WHERE at >= date $1", "DROP TABLE orders;", "42P01")]
    [InlineData("SELECT id FROM orders", "ALTER TABLE orders RENAME TO purchases;", "42P01")]
    [InlineData("SELECT id FROM users WHERE name LIKE $1", "ALTER TABLE users ALTER name TYPE integer USING 0;", "42883")]
    [InlineData("INSERT INTO users (email) VALUES ($1)", "ALTER TABLE users ADD born date NOT NULL;", "23502")]
    [InlineData("INSERT INTO users (email) VALUES ($1)", "ALTER TABLE users ALTER mood DROP DEFAULT;", "23502")]
    [InlineData("INSERT INTO users VALUES ($1, $2)", "ALTER TABLE users ALTER name SET NOT NULL;", "23502")]
    [InlineData(
        "INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING", "ALTER TABLE users DROP CONSTRAINT users_email_key;",
        "42P10")]
    [InlineData(
        "INSERT INTO users (id, email) VALUES ($1, $2)",
        "ALTER TABLE users ALTER id DROP DEFAULT, ALTER id ADD GENERATED ALWAYS AS IDENTITY;", "428C9")]
    [InlineData("INSERT INTO users (email, name) VALUES ($1, $2)", "ALTER TABLE users RENAME name TO full_name;", "42703")]
    [InlineData("INSERT INTO users (email) VALUES ($1)", "ALTER TABLE users RENAME name TO full_name;", "42703")]
    [InlineData("INSERT INTO users (email) SELECT $1 FROM orders", "ALTER TABLE users ADD born date NOT NULL;", "23502")]
    [InlineData("INSERT INTO contacts (email) VALUES ($1)", "ALTER TABLE contacts ADD tenant int NOT NULL;", "23502")]
    [InlineData("SELECT full_name($1)", "SET check_function_bodies = off; ALTER TABLE users DROP COLUMN name;", "42703")]
    [InlineData(
        "INSERT INTO users (email) VALUES ($1)",
        "SET session_replication_role = replica; ALTER TABLE users RENAME name TO full_name;", "42703")]
    [InlineData("DELETE FROM users WHERE name = $1", "ALTER TABLE users ALTER name TYPE integer USING 0;", "42883")]
    [InlineData("SELECT $1::mood", "DROP TYPE mood CASCADE;", "42704")]
    [InlineData("SELECT id, count(*) FROM users GROUP BY id, $1", "ALTER TABLE users RENAME TO people;", "42P01")]
    public async Task A_statement_that_a_migration_breaks_is_named_with_the_error_that_it_would_meet(
        string text, string sql, string state)
    {
        ProofOutcome.Broken broken = Assert.IsType<ProofOutcome.Broken>(await ProveAsync(text, sql));
        Assert.Equal(state, broken.SqlState);
    }

    [Fact]
    public async Task The_migration_and_its_statement_are_named()
    {
        (ProofOutcome broken, ProofOutcome mended) = (
            await ProveAsync(
                "SELECT name FROM users", "SELECT 1;\n\nALTER TABLE users ADD a int;\nALTER TABLE users DROP name;\nSELECT 2;"),
            await ProveAsync(
                "SELECT name FROM users", "ALTER TABLE users DROP name;", "ALTER TABLE users ADD born date;",
                "ALTER TABLE users ADD name text;"));
        ProofPlace place = Assert.IsType<ProofOutcome.Broken>(broken).Place;
        Assert.Equal(new ProofPlace("20240102_next", "ALTER TABLE users DROP name", 4), place);
        Assert.IsType<ProofOutcome.Survives>(mended);
    }

    [Fact]
    public async Task What_breaks_a_statement_is_named_though_an_earlier_one_has_changed_it()
    {
        (ProofOutcome later, ProofOutcome same) = (
            await ProveAsync("SELECT * FROM users WHERE name = $1", "ALTER TABLE users ADD a int;", "ALTER TABLE users DROP name;"),
            await ProveAsync("SELECT * FROM users WHERE name = $1", "ALTER TABLE users ADD a int;\nALTER TABLE users DROP name;"));
        Assert.Equal(
            new ProofPlace("20240103_next", "ALTER TABLE users DROP name", 1), Assert.IsType<ProofOutcome.Broken>(later).Place);
        Assert.Equal(
            new ProofPlace("20240102_next", "ALTER TABLE users DROP name", 2), Assert.IsType<ProofOutcome.Broken>(same).Place);
    }

    [Fact]
    public async Task A_migration_that_cannot_run_in_a_transaction_is_looked_at_statement_by_statement()
    {
        ProofOutcome outcome = await ProveAsync(
            "SELECT name FROM users", "CREATE INDEX CONCURRENTLY i ON users (name);\nALTER TABLE users DROP name;");
        Assert.Equal(2, Assert.IsType<ProofOutcome.Broken>(outcome).Place.Line);
    }

    [Theory]
    [InlineData("SELECT * FROM users", "ALTER TABLE users ADD born date;", "it returns born, too")]
    [InlineData("SELECT id FROM users", "ALTER TABLE users ALTER id TYPE bigint;", "it returns id as bigint, which was integer")]
    [InlineData("DELETE FROM users WHERE id = $1", "ALTER TABLE users ALTER id TYPE bigint;", "its parameter $1 is bigint, which was int")]
    [InlineData(
        "SELECT mood FROM users",
        """
        CREATE TYPE mood_new AS ENUM ('calm'); ALTER TABLE users ALTER mood DROP DEFAULT;
        ALTER TABLE users ALTER mood TYPE mood_new USING mood::text::mood_new; ALTER TYPE mood RENAME TO mood_old;
        ALTER TYPE mood_new RENAME TO mood; DROP TYPE mood_old;
        """,
        "the type mood of the column mood was made anew")]
    public async Task A_statement_that_returns_or_takes_something_else_is_told_from_a_broken_one(string text, string sql, string says)
    {
        ProofOutcome.Changed changed = Assert.IsType<ProofOutcome.Changed>(await ProveAsync(text, sql));
        Assert.Contains(says, string.Join('|', changed.Differences), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER TABLE users DROP email, ADD email text;", true)]
    [InlineData("ALTER TABLE users ADD born date;", false)]
    [InlineData("ALTER TABLE users RENAME name TO nick; DROP TRIGGER stamp ON users;", false)]
    public async Task An_insert_without_columns_is_followed_to_where_its_values_go(string sql, bool shifts)
    {
        ProofOutcome outcome = await ProveAsync("INSERT INTO users VALUES ($1, $2)", sql);
        Assert.Equal(shifts, outcome is ProofOutcome.Shifted);
        Assert.True(shifts || outcome is ProofOutcome.Survives, $"{outcome}");
    }

    [Fact]
    public async Task What_stand_ins_cannot_tell_is_unproven_and_so_is_what_was_broken_before()
    {
        ProofOutcome check = await ProveAsync(
            "INSERT INTO users (email) VALUES ($1)", "ALTER TABLE users ADD CHECK (email LIKE '%@%');");
        ProofOutcome before = await ProveAsync("SELECT nothing FROM users", "DROP TABLE orders;");
        Assert.Contains("stand-ins were refused", Assert.IsType<ProofOutcome.Unproven>(check).Why, StringComparison.Ordinal);
        Assert.Contains("does not exist, 42703", Assert.IsType<ProofOutcome.Unproven>(before).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT INTO contacts (email) VALUES ($1)", "ALTER TABLE contacts ADD tenant int;", false)]
    [InlineData("INSERT INTO contacts (email) VALUES ($1)", "ALTER TABLE contacts ADD CHECK (length(email) > 3);", true)]
    [InlineData("INSERT INTO shapes (area) VALUES ($1)", "ALTER TABLE shapes ADD tenant int NOT NULL;", true)]
    public async Task What_was_refused_before_is_unproven_but_for_a_check_that_stays(string text, string sql, bool isUnproven)
    {
        ProofOutcome outcome = await ProveAsync(text, sql);
        Assert.Equal(isUnproven, outcome is ProofOutcome.Unproven);
        Assert.True(isUnproven || outcome is ProofOutcome.Survives, $"{outcome}");
    }

    [Theory]
    [InlineData("INSERT INTO contacts SELECT id FROM users")]
    [InlineData("WITH i AS (INSERT INTO contacts (email) VALUES ($1) RETURNING id) SELECT id FROM i")]
    [InlineData("MERGE INTO contacts c USING users u ON u.id = c.id WHEN NOT MATCHED THEN INSERT (email) VALUES (u.email)")]
    public async Task An_insert_that_cannot_be_tried_is_unproven_where_a_column_comes_to_need_a_value(string text)
    {
        await using TestDatabase server = await TestDatabase.CreateAsync();
        Assert.SkipWhen(
            text.StartsWith("MERGE", StringComparison.Ordinal) && await server.MajorAsync() < 15, "MERGE is of PostgreSQL 15.");
        ProofOutcome needed = await ProveAsync(text, "ALTER TABLE contacts ADD tenant int NOT NULL;");
        ProofOutcome free = await ProveAsync(text, "ALTER TABLE contacts ADD tenant int NOT NULL DEFAULT 1;");
        Assert.Contains("column tenant of contacts", Assert.IsType<ProofOutcome.Unproven>(needed).Why, StringComparison.Ordinal);
        Assert.IsType<ProofOutcome.Survives>(free);
    }

    [Fact]
    public async Task No_row_is_tried_where_it_may_leave_the_scratch_database()
    {
        ProofOutcome foreign = await ProveAsync(
            "INSERT INTO away (id) VALUES ($1)",
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; ALTER TABLE away RENAME TO away_old; "
                + "CREATE FOREIGN TABLE away (id int) SERVER s;");
        Assert.Contains("may leave the scratch", Assert.IsType<ProofOutcome.Unproven>(foreign).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_takes_no_numbers_that_the_migrations_count_on()
    {
        ProofOutcome outcome = await ProveAsync(
            "INSERT INTO users (email) VALUES ($1)", "ALTER TABLE users ADD born date NOT NULL;",
            "SELECT 1; INSERT INTO users (email, born) VALUES ('a', now()); INSERT INTO orders (user_id, total) VALUES (1, 1); "
                + "ALTER TABLE users ALTER born DROP NOT NULL; ALTER TABLE users DROP name, DROP email;");
        Assert.Equal("20240102_next", Assert.IsType<ProofOutcome.Broken>(outcome).Place.Migration);
    }

    [Fact]
    public async Task A_session_of_a_migration_is_not_the_clients()
    {
        ProofOutcome outcome = await ProveAsync(
            "SELECT id FROM users", "CREATE SCHEMA other; SET search_path TO other; CREATE TABLE x (id int); SELECT 1;");
        Assert.IsType<ProofOutcome.Survives>(outcome);
    }

    private static async Task<ProofOutcome> ProveAsync(string text, params string[] pending)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Proof proof = await ProofRun.RunAsync(
            database.Url(),
            TestDatabase.Set(("20240101_first", Schema)).Migrations,
            TestDatabase.Set([.. pending.Select((sql, index) => ($"2024010{index + 2}_next", sql))]).Migrations,
            [new StatementShape(text, 7)],
            TestContext.Current.CancellationToken);
        return Assert.Single(proof.Shapes).Outcome;
    }
}
