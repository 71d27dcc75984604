using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Postgres.Tests.Risk;

namespace SchemaGate.Postgres.Tests.Parsing;

/// <summary>
/// Syntax that came with PostgreSQL 16 to 18 (the release notes):
/// read, or said to be newer than the parser, never passed over.
/// </summary>
public sealed class NewerSyntaxTests
{
    [Fact]
    public void The_parser_that_the_tests_read_with_is_the_one_that_ships() => Assert.InRange(StatementReader.ParserVersion, 17, 99);

    [Theory]
    [InlineData("SELECT JSON_ARRAYAGG(a), JSON_OBJECT('a': 1), '{}' IS JSON OBJECT FROM t")]
    [InlineData("SELECT 0x1F, 0b11, 1_000")]
    [InlineData("SELECT * FROM (SELECT 1)")]
    [InlineData("SELECT ANY_VALUE(a) FROM t")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET STORAGE DEFAULT")]
    [InlineData("CREATE TABLE t (a text STORAGE external)")]
    [InlineData("COPY t FROM 'x' WITH (DEFAULT 'd')")]
    [InlineData("CREATE STATISTICS ON a, b FROM t")]
    [InlineData("GRANT r TO s WITH INHERIT TRUE")]
    [InlineData("REINDEX DATABASE")]
    [InlineData("CREATE COLLATION c (provider = icu, locale = 'und', rules = '&a < b')")]
    public void What_came_with_16_is_read(string sql) => Assert.IsNotType<UnreadStatement>(Assert.Single(Facts.Read(sql)));

    [Theory]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED BY SOURCE THEN DELETE")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING merge_action(), t.*")]
    [InlineData("WITH m AS (MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE RETURNING t.a) INSERT INTO u SELECT * FROM m")]
    [InlineData("SELECT * FROM JSON_TABLE('[]'::jsonb, '$[*]' COLUMNS (a int PATH '$.a'))")]
    [InlineData("SELECT JSON('{}'), JSON_SCALAR(1), JSON_SERIALIZE('{}'), JSON_VALUE('{}'::jsonb, '$')")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1)")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET STATISTICS DEFAULT")]
    [InlineData("ALTER TABLE t SET ACCESS METHOD DEFAULT")]
    [InlineData("ALTER OPERATOR = (int, int) SET (MERGES, HASHES)")]
    [InlineData("GRANT MAINTAIN ON t TO s")]
    [InlineData("CREATE EVENT TRIGGER e ON login EXECUTE FUNCTION f()")]
    [InlineData("SELECT now() AT LOCAL")]
    public void What_came_with_17_is_read(string sql) => Assert.IsNotType<UnreadStatement>(Assert.Single(Facts.Read(sql)));

    [Theory]
    [InlineData("UPDATE t SET a = 1 RETURNING old.a, new.a")]
    [InlineData("CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored)")]
    [InlineData("COPY t FROM 'x' WITH (ON_ERROR ignore, LOG_VERBOSITY silent, REJECT_LIMIT 10)")]
    public void What_came_with_18_in_older_words_is_read(string sql) =>
        Assert.IsNotType<UnreadStatement>(Assert.Single(Facts.Read(sql)));

    [Theory]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID", "a named NOT NULL constraint")]
    [InlineData("CREATE TABLE t (a int, CONSTRAINT c NOT NULL a)", "a named NOT NULL constraint")]
    [InlineData("ALTER TABLE t ADD NOT NULL a", "NOT NULL as a table's constraint")]
    [InlineData("ALTER TABLE t ALTER CONSTRAINT c INHERIT", "a constraint's INHERIT")]
    [InlineData("ALTER TABLE t ALTER CONSTRAINT c NO INHERIT", "a constraint's NO INHERIT")]
    [InlineData("ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED", "ENFORCED")]
    [InlineData("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT ENFORCED", "ENFORCED")]
    [InlineData("ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2) VIRTUAL", "a virtual generated column")]
    [InlineData("ALTER TABLE t ADD b int GENERATED ALWAYS AS (a * 2)", "a generated column without STORED")]
    [InlineData("CREATE TABLE t (id int, r tstzrange, PRIMARY KEY (id, r WITHOUT OVERLAPS))", "WITHOUT OVERLAPS")]
    [InlineData("ALTER TABLE t ADD FOREIGN KEY (id, PERIOD r) REFERENCES p (id, PERIOD r)", "PERIOD")]
    [InlineData("UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a", "RETURNING WITH")]
    [InlineData("VACUUM ONLY t", "ONLY")]
    [InlineData("ANALYZE ONLY t", "ONLY")]
    [InlineData("ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO s", "LARGE OBJECTS")]
    public void What_came_with_18_is_read_or_said_to_be_newer_by_line_and_its_risk_is_unknown(string sql, string name)
    {
        string script = $"SELECT 1;\n{sql};\nSELECT 2;";
        Statement statement = Facts.Read(script)[1];
        Assert.Equal(2, statement.Span.Line);
        if (StatementReader.ParserVersion >= 18)
        {
            Assert.IsNotType<UnreadStatement>(statement);
            return;
        }

        string sentence = $"The parser of PostgreSQL {StatementReader.ParserVersion} cannot read this statement: "
            + $"{name} is syntax of PostgreSQL 18, newer than the parser.";
        Assert.Equal(sentence, Assert.IsType<UnreadStatement>(statement).Message);
        Assert.Contains("opaque-sql", Judged.Last(script).Rules(), StringComparer.Ordinal);
    }

    [Fact]
    public void Newer_words_in_a_quoted_name_a_literal_or_a_comment_are_not_blamed() =>
        Assert.Null(NewerSyntax.In("ALTER FROBNICATE \"VIRTUAL\" 'ENFORCED' -- PERIOD", 17));

    [Fact]
    public void What_the_parser_is_new_enough_for_is_not_blamed() =>
        Assert.Null(NewerSyntax.In("ALTER FROBNICATE t ADD b int GENERATED ALWAYS AS (a) VIRTUAL", 18));
}
