using SchemaGate.Core.Risk;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>What is put back, goes with more, or never was is no alarm; what only looks like it is one still.</summary>
public sealed class FalseAlarmTests
{
    private const string Shop = """
        CREATE TYPE state AS ENUM ('new', 'paid', 'void');
        CREATE TYPE idle AS ENUM ('a', 'b');
        CREATE DOMAIN zip AS text CHECK (VALUE <> '');
        CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
        CREATE TABLE orders (
            id bigint, customer_id bigint, number text, state state NOT NULL DEFAULT 'new', region text, total numeric,
            CONSTRAINT orders_pkey PRIMARY KEY (id), CONSTRAINT orders_number_key UNIQUE (number),
            CONSTRAINT positive CHECK (total > 0), CONSTRAINT region_set CHECK (region IS NOT NULL),
            CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id));
        CREATE UNIQUE INDEX orders_new_pkey ON orders (id);
        CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
        CREATE TRIGGER touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
        """;

    [Theory]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) "
        + "REFERENCES customers (id) ON DELETE SET NULL;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer; ALTER TABLE orders ALTER customer_id DROP NOT NULL; "
        + "ALTER TABLE orders ADD CONSTRAINT another FOREIGN KEY (customer_id) REFERENCES public.customers (id) NOT VALID;")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT another FOREIGN KEY (customer_id) REFERENCES customers (id); "
        + "ALTER TABLE orders DROP CONSTRAINT orders_customer;")]
    [InlineData("BEGIN; ALTER TABLE orders DROP CONSTRAINT orders_number_key; ALTER TABLE orders ADD UNIQUE (number); COMMIT;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_number_key; CREATE UNIQUE INDEX n ON orders (number);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT positive; ALTER TABLE orders ADD CONSTRAINT above CHECK (total > 0) NOT VALID;")]
    [InlineData("ALTER TABLE unheard DROP CONSTRAINT k; ALTER TABLE unheard ADD CONSTRAINT k UNIQUE (a);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer; DROP TABLE orders;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer; DROP TABLE customers;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer, DROP COLUMN customer_id;")]
    [InlineData("ALTER TABLE unheard DROP CONSTRAINT unheard_a_fkey; ALTER TABLE unheard DROP COLUMN a;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_new_pkey;")]
    [InlineData("ALTER TABLE orders ALTER region SET NOT NULL; ALTER TABLE orders DROP CONSTRAINT region_set;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT IF EXISTS nobodys CASCADE;")]
    public void A_constraint_that_something_keeps_up_may_go(string sql) => Silent("drop-constraint", sql);

    [Theory]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer; COMMIT; "
        + "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_customer; ALTER TABLE orders ADD CONSTRAINT orders_customer "
        + "FOREIGN KEY (customer_id) REFERENCES elsewhere (id);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_number_key; ALTER TABLE orders ADD CONSTRAINT orders_number_key "
        + "UNIQUE (number, region);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_number_key; CREATE UNIQUE INDEX n ON orders (number) WHERE total > 0;")]
    [InlineData("ALTER TABLE customers DROP CONSTRAINT customers_pkey, ADD CONSTRAINT customers_pkey PRIMARY KEY (id, email);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT region_set;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT positive; ALTER TABLE orders ADD CONSTRAINT above CHECK (total > -5) NOT VALID;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT IF EXISTS positive;")]
    [InlineData("ALTER TABLE unheard DROP CONSTRAINT IF EXISTS k;")]
    [InlineData("DROP TABLE scratch; ALTER TABLE orders DROP CONSTRAINT orders_customer;")]
    public void A_constraint_that_nothing_keeps_up_is_told(string sql) => Risky("drop-constraint", sql);

    [Fact]
    public void A_CHECK_that_is_replaced_by_another_is_a_note() => Assert.Equal(
        (RiskSeverity.Low, "Replaces `positive` of `orders`: what the old one kept out and the new one does not may come in."),
        Only("drop-constraint", "ALTER TABLE orders DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (total >= 0);"));

    [Theory]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT; ALTER TABLE orders ALTER state SET DEFAULT 'paid';")]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT, ALTER state TYPE text, ALTER state SET DEFAULT 'paid';")]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT; ALTER TABLE orders ALTER state ADD GENERATED ALWAYS AS IDENTITY;")]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT; ALTER TABLE orders DROP COLUMN state;")]
    public void A_default_that_is_set_again_may_go(string sql) => Silent("drop-default", sql);

    [Theory]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT; ALTER TABLE orders ALTER number SET DEFAULT 'paid';")]
    [InlineData("ALTER TABLE orders ALTER state DROP DEFAULT; ALTER TABLE orders ALTER state SET DEFAULT NULL;")]
    [InlineData("ALTER TABLE orders ALTER state SET DEFAULT 'paid'; ALTER TABLE orders ALTER state DROP DEFAULT;")]
    public void A_default_that_is_not_set_again_is_told(string sql) => Risky("drop-default", sql);

    [Theory]
    [InlineData("DROP TYPE idle;")]
    [InlineData("DROP TYPE idle, zip;")]
    [InlineData("DROP DOMAIN zip;")]
    [InlineData("CREATE TYPE next AS ENUM ('void', 'new', 'paid', 'sent'); ALTER TABLE orders ALTER state TYPE text; DROP TYPE state; "
        + "ALTER TYPE next RENAME TO state; ALTER TABLE orders ALTER state TYPE state USING state::state;")]
    [InlineData("CREATE DOMAIN words AS text; ALTER TABLE orders ALTER state TYPE words; DROP TYPE state;")]
    [InlineData("ALTER TABLE orders ALTER state TYPE text; DROP TYPE state;")]
    [InlineData("CREATE TYPE state_new AS ENUM ('void', 'new', 'paid', 'sent'); "
        + "ALTER TABLE orders ALTER state TYPE state_new USING (state::text::state_new); ALTER TYPE state RENAME TO state_old; "
        + "ALTER TYPE state_new RENAME TO state; DROP TYPE state_old;")]
    public void A_type_that_nothing_uses_and_a_swap_that_keeps_every_value_lose_nothing(string sql) => Silent("enum-value-removed", sql);

    [Theory]
    [InlineData("DROP TYPE state CASCADE;", "Drops type `state` with CASCADE, and with it every column that has it.")]
    [InlineData("DROP TYPE unheard;", "Drops type `unheard`: where another took its place, rows and code with a value that it lacks fail.")]
    [InlineData(
        "ALTER TYPE state RENAME TO state_old; CREATE TYPE state AS ENUM ('new'); "
            + "ALTER TABLE orders ALTER state TYPE state USING (state::text::state); DROP TYPE state_old;",
        "With type `state_old` 'paid', 'void' can be no value any more: rows that have it make the change fail, "
            + "and code that writes it fails.")]
    [InlineData(
        "CREATE TYPE next AS ENUM ('new'); ALTER TABLE orders ALTER state TYPE text; DROP TYPE state; ALTER TYPE next RENAME TO state; "
            + "ALTER TABLE orders ALTER state TYPE state USING state::state;",
        "`state` of `orders` leaves an enum for another by way of text, and 'paid', 'void' can be no value any more: rows that have it "
            + "make the change fail, and code that writes it fails.")]
    [InlineData(
        "CREATE DOMAIN two AS state; CREATE TYPE next AS ENUM ('new', 'paid'); ALTER TABLE orders ALTER state TYPE two; "
            + "ALTER TABLE orders ALTER state TYPE next USING state::text::next; DROP DOMAIN two; DROP TYPE state;",
        "With type `state` 'void' can be no value any more: rows that have it make the change fail, and code that writes it fails.")]
    [InlineData(
        "CREATE DOMAIN two AS state; ALTER TABLE orders ALTER state TYPE two; ALTER TYPE state RENAME TO old; "
            + "CREATE TYPE state AS ENUM ('new', 'paid'); ALTER TABLE orders ALTER state TYPE state USING state::text::state; "
            + "DROP TYPE old;",
        "With type `old` 'void' can be no value any more: rows that have it make the change fail, and code that writes it fails.")]
    [InlineData(
        "CREATE TYPE next AS ENUM ('a'); ALTER TABLE unheard ALTER kind TYPE next USING (kind::text::next); DROP TYPE idle;",
        "With type `idle` 'b' can be no value any more: rows that have it make the change fail, and code that writes it fails.")]
    public void Values_that_go_are_named(string sql, string message) =>
        Assert.Equal((RiskSeverity.High, message), Only("enum-value-removed", sql));

    [Theory]
    [InlineData("CREATE UNIQUE INDEX u ON orders (id, region);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (lower(region), number) WHERE total > 0;")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (region COLLATE folded, number);")]
    [InlineData("ALTER TABLE orders ADD COLUMN slug text; CREATE UNIQUE INDEX u ON orders (slug COLLATE folded);")]
    [InlineData("ALTER TABLE customers ADD CONSTRAINT u UNIQUE (id, email);")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_number_key; CREATE UNIQUE INDEX u ON orders (number);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (id, region) NULLS NOT DISTINCT;")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number text_pattern_ops);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders USING btree (id int8_ops, region text_ops);")]
    [InlineData("ALTER TABLE orders ADD COLUMN slug text; CREATE UNIQUE INDEX c ON orders (slug COLLATE folded); "
        + "UPDATE orders SET slug = 'a' WHERE id = 1; CREATE UNIQUE INDEX u ON orders (slug COLLATE folded, total);")]
    [InlineData("CREATE UNIQUE INDEX c ON orders (number text_ops); ALTER TABLE orders ADD CONSTRAINT u UNIQUE (number, region);")]
    public void What_is_unique_already_does_not_fail(string sql) => Silent("unique-may-fail-on-data", sql);

    [Theory]
    [InlineData("CREATE UNIQUE INDEX u ON orders (region);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (lower(number));")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number COLLATE folded);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number citext_ops);")]
    [InlineData("CREATE UNIQUE INDEX c ON orders (region COLLATE folded); CREATE UNIQUE INDEX u ON orders (region);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number int4_ops);")]
    [InlineData("CREATE UNIQUE INDEX c ON orders (region COLLATE folded); CREATE UNIQUE INDEX u ON orders (region COLLATE other);")]
    [InlineData("ALTER TABLE orders ADD COLUMN label citext; CREATE UNIQUE INDEX c ON orders (label text_ops); "
        + "UPDATE orders SET label = 'a' WHERE id > 0; CREATE UNIQUE INDEX u ON orders (label);")]
    [InlineData("CREATE UNIQUE INDEX u ON orders (number) NULLS NOT DISTINCT;")]
    [InlineData("ALTER TABLE orders ADD UNIQUE NULLS NOT DISTINCT (number, region);")]
    [InlineData("ALTER TABLE orders ADD COLUMN slug text; CREATE UNIQUE INDEX u ON orders (slug) NULLS NOT DISTINCT;")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT orders_number_key; UPDATE orders SET number = '1' WHERE id > 0; "
        + "CREATE UNIQUE INDEX u ON orders (number);")]
    public void What_is_not_may(string sql) => Risky("unique-may-fail-on-data", sql);

    [Theory]
    [InlineData("drop-trigger", "DROP TRIGGER IF EXISTS nobodys ON customers;")]
    [InlineData("drop-trigger", "DROP TRIGGER stamp ON orders; CREATE TRIGGER stamp BEFORE UPDATE ON orders EXECUTE FUNCTION other();")]
    [InlineData("drop-trigger", "DROP TRIGGER stamp ON orders; DROP TABLE orders;")]
    [InlineData("drop-trigger", "DROP RULE IF EXISTS nobodys ON customers;")]
    [InlineData("rls-change", "DROP POLICY IF EXISTS nobodys ON customers;")]
    [InlineData("drop-column", "ALTER TABLE customers DROP COLUMN IF EXISTS phone;")]
    [InlineData("drop-cascade", "ALTER TABLE customers DROP COLUMN IF EXISTS phone CASCADE;")]
    [InlineData("drop-sequence", "CREATE SEQUENCE s; DROP SEQUENCE s;")]
    [InlineData("drop-sequence", "CREATE TABLE t (id serial); CREATE SEQUENCE t_n; DROP TABLE t; DROP SEQUENCE t_n;")]
    [InlineData("drop-sequence", "CREATE SEQUENCE public.s; DROP SEQUENCE IF EXISTS s CASCADE;")]
    [InlineData("drop-sequence", "CREATE TABLE t (id serial); ALTER TABLE t ALTER id DROP DEFAULT; DROP SEQUENCE t_id_seq;")]
    [InlineData("drop-sequence", "ALTER TABLE orders ADD COLUMN n bigserial; ALTER TABLE orders ALTER n DROP DEFAULT; "
        + "DROP SEQUENCE orders_n_seq;")]
    public void What_never_was_or_comes_back_is_not_missed(string rule, string sql) => Silent(rule, sql);

    [Theory]
    [InlineData("drop-trigger", "DROP TRIGGER IF EXISTS touch ON customers;")]
    [InlineData("drop-trigger", "DROP TRIGGER IF EXISTS stamp ON unheard;")]
    [InlineData("drop-trigger", "ALTER TRIGGER touch ON customers RENAME TO t; DROP TRIGGER IF EXISTS t ON customers;")]
    [InlineData("drop-trigger", "DO $$ BEGIN NULL; END $$; DROP TRIGGER IF EXISTS nobodys ON customers;")]
    [InlineData("drop-column", "ALTER TABLE customers DROP COLUMN IF EXISTS email;")]
    [InlineData("drop-column", "ALTER TABLE customers ADD COLUMN email text, DROP COLUMN email;")]
    [InlineData("drop-column", "ALTER TABLE unheard DROP COLUMN IF EXISTS phone;")]
    [InlineData("drop-sequence", "DROP SEQUENCE s; CREATE SEQUENCE s;")]
    [InlineData("drop-table", "DROP TABLE IF EXISTS orders;")]
    [InlineData("set-not-null-scan", "ALTER TABLE orders ALTER region SET NOT NULL, DROP CONSTRAINT region_set;")]
    public void What_was_there_is(string rule, string sql) => Risky(rule, sql);

    [Theory]
    [InlineData("drop-view", "DROP VIEW IF EXISTS legacy;")]
    [InlineData("drop-function", "DROP FUNCTION IF EXISTS legacy();")]
    [InlineData("drop-sequence", "DROP SEQUENCE IF EXISTS legacy;")]
    [InlineData("enum-value-removed", "DROP TYPE IF EXISTS legacy;")]
    public void What_no_migration_of_a_whole_history_made_is_a_note(string rule, string sql)
    {
        const string Whole = "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES a);";
        Assert.DoesNotContain(Judged.Last(Whole, sql).Findings, finding => finding.IsRisk);
        Assert.Contains(rule, Judged.Last(Whole, sql).Rules(), StringComparer.Ordinal);
        // A history that names what it has not made begins in the middle; a file alone tells nothing of what was there.
        Assert.Contains(Judged.Last(Whole, "ALTER TABLE older ADD COLUMN a int;", sql).Findings, finding => finding.IsRisk);
        Assert.Contains(Judged.Last(Whole + sql).Findings, finding => finding.IsRisk);
    }

    [Theory]
    [InlineData("drop-table", "DROP TABLE IF EXISTS legacy CASCADE;")]
    [InlineData("drop-matview", "DROP MATERIALIZED VIEW IF EXISTS legacy;")]
    public void Data_is_not_left_to_a_guess(string rule, string sql)
    {
        MigrationRisk risk = Judged.Last("CREATE TABLE a (id int PRIMARY KEY);", sql);
        RiskFinding finding = Assert.Single(risk.Findings, finding => finding.Rule == rule);
        Assert.Equal((RiskSeverity.Medium, true), (finding.Severity, finding.IsAssumed));
        Assert.StartsWith(finding.Message, risk.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop-table", "DROP TABLE IF EXISTS legacy CASCADE;", RiskSeverity.High)]
    [InlineData("drop-view", "DROP VIEW IF EXISTS legacy;", RiskSeverity.Medium)]
    [InlineData("drop-trigger", "DROP TRIGGER IF EXISTS touch ON a;", RiskSeverity.Medium)]
    [InlineData("drop-column", "ALTER TABLE a DROP COLUMN IF EXISTS b;", RiskSeverity.High)]
    public void Beside_what_nobody_reads_nothing_is_missing(string rule, string sql, RiskSeverity severity)
    {
        MigrationRisk risk = Judged.With(
            RiskOptions.Default with { SetIsWhole = false }, "CREATE TABLE a (id int PRIMARY KEY);", sql);
        Assert.Equal(severity, Assert.Single(risk.Findings, finding => finding.Rule == rule).Severity);
    }

    [Theory]
    [InlineData("citext", "text", true)]
    [InlineData("text", "public.citext", true)]
    [InlineData("varchar(20)", "citext", true)]
    [InlineData("citext", "varchar", true)]
    [InlineData("citext", "varchar(50)", false)]
    [InlineData("citext[]", "text[]", false)]
    [InlineData("char(5)", "citext", false)]
    public void Citext_and_text_are_the_same_rows_and_other_indexes(string old, string type, bool isInPlace)
    {
        MigrationRisk risk = Judged.Last(
            $"CREATE TABLE t (a {old}); CREATE INDEX i ON t (a);", $"ALTER TABLE t ALTER a TYPE {type} USING a::{type};");
        Assert.Equal(isInPlace, !risk.Rules().Contains("change-column-type-rewrite", StringComparer.Ordinal));
        Assert.Equal(isInPlace, risk.Rules().Contains("change-column-type-rebuilds-index", StringComparer.Ordinal));
    }

    private static void Silent(string rule, string sql) =>
        Assert.DoesNotContain(Judged.Last(Shop, sql).Findings, finding => finding.Rule == rule);

    private static void Risky(string rule, string sql) =>
        Assert.Contains(Judged.Last(Shop, sql).Findings, finding => finding.Rule == rule && finding.IsRisk);

    private static (RiskSeverity Severity, string Message) Only(string rule, string sql)
    {
        RiskFinding finding = Judged.Last(Shop, sql).Findings.Single(finding => finding.Rule == rule);
        return (finding.Severity, finding.Message);
    }
}
