using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Parsing;

public sealed class ScriptReadingTests
{
    [Fact]
    public void Places_count_characters_and_not_bytes()
    {
        const string Sql = "\uFEFF-- é𝒳\r\nSELECT 'é𝒳';;  /* 𝒳 */ ALTER TABLE \"é\" ADD a int CHECK (a > 0) ;";
        IReadOnlyList<Statement> statements = Facts.Read(Sql);
        Assert.Equal("SELECT 'é𝒳'|ALTER TABLE \"é\" ADD a int CHECK (a > 0)", string.Join(
            '|', statements.Select(statement => Sql.Substring(statement.Span.Offset, statement.Span.Length))));
        Assert.Equal([(2, 1), (2, 26)], statements.Select(statement => (statement.Span.Line, statement.Span.Column)));
        TextSpan check = ((AddColumn)((AlterTable)statements[1]).Actions[0]).Definition.Constraints[0].Span;
        Assert.Equal((Sql.IndexOf("CHECK", StringComparison.Ordinal), 2), (check.Offset, check.Line));
    }

    [Fact]
    public void One_statement_that_cannot_be_read_leaves_the_others_their_facts()
    {
        const string Sql = "CREATE TABLE é (a int);\nALTER TABLE t ADD b int GENERATED ALWAYS AS (1) VIRTUAL;\nDROP TABLE u;";
        IReadOnlyList<Statement> statements = Facts.Read(Sql);
        Assert.Equal(
            [typeof(CreateTable), typeof(UnreadStatement), typeof(DropObjects)], statements.Select(statement => statement.GetType()));
        Assert.Equal([1, 2, 3], statements.Select(statement => statement.Span.Line));
        Assert.Equal("DROP TABLE u", Sql.Substring(statements[2].Span.Offset, statements[2].Span.Length));
    }

    [Fact]
    public void What_the_parser_refuses_is_said_with_its_version()
    {
        ParsedScript script = StatementReader.Read("this is not SQL");
        Assert.InRange(script.ParserVersion, 13, 99);
        UnreadStatement unread = Assert.IsType<UnreadStatement>(Assert.Single(script.Statements));
        Assert.Equal(
            $"The parser of PostgreSQL {script.ParserVersion} cannot read this statement: syntax error at or near \"this\".",
            unread.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("-- nothing\n;/* at all */;")]
    public void A_script_without_statements_has_none(string sql) => Assert.Empty(Facts.Read(sql));

    [Fact]
    public void A_body_in_sql_stays_one_statement_beside_one_that_cannot_be_read() =>
        Assert.Equal(
            [typeof(CreateFunction), typeof(UnreadStatement)],
            Facts.Read("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; ALTER FROBNICATE t")
                .Select(statement => statement.GetType()));

    [Fact]
    public void Equal_statements_have_equal_facts() =>
        Assert.Equal(Facts.Read("CREATE TABLE t (a int CHECK (a > 0))"), Facts.Read("CREATE TABLE t (a int CHECK (a > 0))"));
}
