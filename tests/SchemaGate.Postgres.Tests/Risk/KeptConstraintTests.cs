using SchemaGate.Core.Risk;

namespace SchemaGate.Postgres.Tests.Risk;

/// <summary>A constraint is kept up by what is there when the transaction ends, and only if that keeps out as much.</summary>
public sealed class KeptConstraintTests
{
    private const string Shop = """
        CREATE TABLE p (id int, legacy int UNIQUE, CONSTRAINT p_pkey PRIMARY KEY (id));
        CREATE TABLE t (
            id int, a int, b int, ref int,
            CONSTRAINT t_pkey PRIMARY KEY (id), CONSTRAINT u_b UNIQUE (b), CONSTRAINT ck CHECK (a > 0),
            CONSTRAINT t_ref_fkey FOREIGN KEY (ref) REFERENCES p (id));
        CREATE TABLE n (b int, CONSTRAINT u_nn UNIQUE NULLS NOT DISTINCT (b));
        CREATE UNIQUE INDEX t_pk2 ON t (id, a);
        CREATE UNIQUE INDEX n_b2 ON n (b);
        CREATE VIEW v AS SELECT 1;
        """;

    private const string AsMuch = "CREATE UNIQUE INDEX t_pk1 ON t (id); CREATE UNIQUE INDEX n_b3 ON n (b) NULLS NOT DISTINCT;";

    [Theory]
    [InlineData("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pk2;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT t_ref_fkey, ADD CONSTRAINT t_ref_fkey FOREIGN KEY (ref) REFERENCES p (legacy) NOT VALID;")]
    [InlineData("ALTER TABLE n DROP CONSTRAINT u_nn, ADD CONSTRAINT u_nn UNIQUE USING INDEX n_b2;")]
    [InlineData("ALTER TABLE n DROP CONSTRAINT u_nn, ADD CONSTRAINT u_nn UNIQUE (b);")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b, ADD CONSTRAINT u_b UNIQUE (b) DEFERRABLE INITIALLY DEFERRED;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT ck, ADD CONSTRAINT another CHECK (a > 0) NO INHERIT;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD CONSTRAINT u_b UNIQUE (b); ALTER TABLE t DROP CONSTRAINT u_b;")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT u UNIQUE (b); ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t DROP CONSTRAINT u;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b; CREATE UNIQUE INDEX u ON t (b); DROP INDEX u;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD UNIQUE (b); ALTER TABLE t DROP CONSTRAINT t_b_key;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b; CREATE UNIQUE INDEX u ON t (b COLLATE folded);")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT ck; SAVEPOINT s; ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0); ROLLBACK TO s;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT ck; SAVEPOINT s; DROP TABLE t; ROLLBACK TO s;")]
    [InlineData("BEGIN; ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD UNIQUE (b); ROLLBACK;")]
    [InlineData("BEGIN; ALTER TABLE t DROP CONSTRAINT u_b; COMMIT; BEGIN; ALTER TABLE t ADD UNIQUE (b); ROLLBACK;")]
    [InlineData("BEGIN; ALTER TABLE t DROP CONSTRAINT u_b; COMMIT; BEGIN; DROP TABLE t; ROLLBACK;")]
    [InlineData("DROP INDEX t_pk2;")]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS t_pk2;")]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX t_pk2 ON t (id, a, b);")]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX other ON t (id, a) WHERE a > 0;")]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX other ON t (id, a); DROP INDEX other;")]
    public void What_keeps_out_less_or_does_not_remain_keeps_nothing_up(string sql) =>
        Assert.Contains("drop-constraint", Risks(Shop, sql), StringComparer.Ordinal);

    [Theory]
    [InlineData("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pk1;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX made_elsewhere;")]
    [InlineData("BEGIN; ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD UNIQUE (b); COMMIT; BEGIN; DROP VIEW v; ROLLBACK;")]
    [InlineData("SAVEPOINT s; DROP VIEW v; ROLLBACK TO s; ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD UNIQUE (b);")]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX other ON t (a, id);")]
    [InlineData("DROP INDEX t_pk2; ALTER TABLE t ADD CONSTRAINT other UNIQUE (id, a);")]
    [InlineData("CREATE UNIQUE INDEX other ON t (id, a); DROP INDEX t_pk2;")]
    [InlineData("DROP INDEX t_pk2; ALTER TABLE t DROP COLUMN a;")]
    [InlineData("DROP INDEX t_pk2; DROP TABLE t;")]
    [InlineData("CREATE INDEX plain ON t (a); DROP INDEX plain;")]
    [InlineData("CREATE UNIQUE INDEX made ON t (a); DROP INDEX made;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b, ADD CONSTRAINT u_b UNIQUE USING INDEX made_elsewhere;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT t_ref_fkey, ADD CONSTRAINT other FOREIGN KEY (ref) REFERENCES p;")]
    [InlineData("ALTER TABLE n DROP CONSTRAINT u_nn, ADD CONSTRAINT u_nn UNIQUE USING INDEX n_b3;")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT u_b; ALTER TABLE t ADD UNIQUE (b); ALTER TABLE t RENAME CONSTRAINT t_b_key TO u_b;")]
    public void What_keeps_out_as_much_does(string sql) =>
        Assert.DoesNotContain("drop-constraint", Risks(Shop, AsMuch, sql), StringComparer.Ordinal);

    [Theory]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX t_pk2 ON t (id, a) WHERE a > 0;", RiskSeverity.Medium)]
    [InlineData("DROP INDEX t_pk2; CREATE UNIQUE INDEX t_pk2 ON t (id, abs(a));", RiskSeverity.Low)]
    public void An_index_that_is_replaced_by_one_with_a_WHERE_lets_more_in(string sql, RiskSeverity severity) =>
        Assert.Equal(severity, Judged.Last([Shop, sql]).Findings.Single(finding => finding.Rule == "drop-constraint").Severity);

    [Theory]
    [InlineData("CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT u_a UNIQUE USING INDEX i;", "u_b")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT u_a UNIQUE USING INDEX made_elsewhere;", "u_b")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT u_a UNIQUE USING INDEX made_elsewhere;", "t_pkey")]
    public void A_key_that_took_an_index_over_stands_for_its_own_columns(string earlier, string dropped) =>
        Assert.Contains(
            "drop-constraint", Risks(Shop, earlier, $"ALTER TABLE t DROP CONSTRAINT {dropped};"), StringComparer.Ordinal);

    [Theory]
    [InlineData("a int NOT NULL, b int NOT NULL", "a_b_not_null")]
    [InlineData("a int PRIMARY KEY", "a_a_not_null1")]
    [InlineData("some_really_quite_long_column_name int UNIQUE", "a_very_long_table_name_that_is_really_quit_some_column_name_key")]
    [InlineData("a int CHECK (a > 0), CHECK (a < 9)", "older_a_check1")]
    public void What_the_server_may_have_called_so_may_be_there(string columns, string name) => Assert.Contains(
        "drop-constraint",
        Risks($"CREATE TABLE older ({columns}); ALTER TABLE older RENAME TO a;", $"ALTER TABLE a DROP CONSTRAINT IF EXISTS {name};"),
        StringComparer.Ordinal);

    [Theory]
    [InlineData("CREATE TABLE a (LIKE s INCLUDING ALL);")]
    [InlineData("CREATE TABLE a () INHERITS (s);")]
    public void What_a_table_has_from_another_may_be_there(string sql) => Assert.Contains(
        "drop-constraint",
        Risks($"CREATE TABLE s (b int, CONSTRAINT above CHECK (b > 0)); {sql}", "ALTER TABLE a DROP CONSTRAINT IF EXISTS above;"),
        StringComparer.Ordinal);

    [Theory]
    [InlineData("DROP VIEW v; CREATE VIEW v AS SELECT 2; DROP VIEW v;")]
    [InlineData("DROP VIEW v; SAVEPOINT s; CREATE VIEW v AS SELECT 2; ROLLBACK TO s;")]
    [InlineData("BEGIN; DROP VIEW v; COMMIT; CREATE VIEW v AS SELECT 2;")]
    public void A_view_that_is_not_there_in_the_end_is_missed(string sql) =>
        Assert.Contains("drop-view", Risks(Shop, sql), StringComparer.Ordinal);

    private static IEnumerable<string> Risks(params string[] set) =>
        Judged.Last(set).Findings.Where(finding => finding.IsRisk).Select(finding => finding.Rule);
}
