using System.Diagnostics;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests;

public sealed class SqlScriptTests
{
    private static string[] Texts(string sql) => SqlScript.Split(sql).Select(statement => statement.Text).ToArray();

    [Fact]
    public void Statements_come_without_the_comments_before_them_and_with_their_lines()
    {
        IReadOnlyList<SqlStatement> statements = SqlScript.Split("-- é 𝒳\nSELECT 'é;'; /* a /* b */ */\n\n SELECT 2 -- end\n;\n;-- last");
        Assert.Equal("SELECT 'é;'|SELECT 2 -- end", string.Join('|', statements.Select(statement => statement.Text)));
        Assert.Equal([(2, 8), (4, 39)], statements.Select(statement => (statement.Line, statement.Offset)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("-- only a comment")]
    [InlineData("/* open ; */ ;;")]
    public void A_text_without_statements_has_none(string sql) => Assert.Empty(SqlScript.Split(sql));

    [Fact]
    public void Bodies_are_not_split()
    {
        Assert.Equal(2, Texts("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3").Length);
        Assert.Equal(2, Texts("DO $x$ BEGIN PERFORM 1; END $x$; SELECT 3").Length);
    }

    [Fact]
    public void Syntax_that_the_parser_does_not_know_is_still_split()
    {
        string[] texts = Texts("SELECT 1; ALTER FROBNICATE t WITH (x); CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; "
            + "SELECT 2; END; SELECT 3;");
        Assert.Equal(4, texts.Length);
        Assert.EndsWith("END", texts[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\uFEFFSELECT 1; SELECT 2", 2)]
    [InlineData("foo bar; SELECT 2", 2)]
    [InlineData("SELECT 1; foo bar", 2)]
    [InlineData("SELECT 'open; SELECT 2", 1)]
    [InlineData("\\connect x\nSELECT 1", 1)]
    public void What_is_not_understood_is_not_left_out(string sql, int count) =>
        Assert.Equal((count, sql.Count(char.IsLetterOrDigit)), (Texts(sql).Length, string.Concat(Texts(sql)).Count(char.IsLetterOrDigit)));

    [Fact]
    public void A_zero_byte_is_refused_in_words() =>
        Assert.Contains(
            "zero byte", Assert.Throws<DatabaseException>(() => SqlScript.Split("SELECT 1\0")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(")]
    [InlineData("+1")]
    [InlineData(" UNION SELECT 1")]
    [InlineData("::int")]
    [InlineData("a;")]
    [InlineData("'")]
    public void A_hostile_text_of_ten_mebibytes_ends_soon_and_leaves_the_process_alive(string piece)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string sql = "SELECT 1" + string.Concat(Enumerable.Repeat(piece, (10 << 20) / piece.Length));
        Assert.NotEmpty(SqlScript.Split(sql));
        Assert.NotEmpty(SqlScript.Split(sql[..(2 << 20)]));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }
}
