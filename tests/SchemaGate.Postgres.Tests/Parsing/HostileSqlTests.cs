using System.Diagnostics;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Tests.Parsing;

/// <summary>Whatever the text is, there is an answer and the process lives on.</summary>
public sealed class HostileSqlTests
{
    private static readonly string[] s_tokens =
    [
        "SELECT", "CREATE", "ALTER", "TABLE", "DROP", "COLUMN", "ADD", "t", "\"é\"", "int", "numeric", "(", ")", ",", ";", ";", "'x'",
        "E'\\''", "'", "\"", "$$", "$a$", "--", "\n", "/*", "*/", "1", "+", "-", "NOT", "NULL", "DEFAULT", "CHECK", "::", ".", "*", "[",
        "]", "BEGIN", "ATOMIC", "END", "AS", "FROM", "𝒳", "\u0001", "\uD800", "\uFEFF", "IS", "AND", "REFERENCES", "INSERT INTO t VALUES",
        "CREATE TABLE t (a int)", "ALTER TABLE t ADD a int", "DROP TABLE t",
    ];

    [Theory]
    [InlineData("SELECT ", "(", "1", ")")]
    [InlineData("SELECT 1", "+1", "", "")]
    [InlineData("SELECT ", "- ", "a", "")]
    [InlineData("SELECT ", "NOT ", "a", "")]
    [InlineData("SELECT a", " AND a OR b", "", "")]
    [InlineData("SELECT ", "(a AND b OR ", "c", ")")]
    [InlineData("SELECT 1", " UNION SELECT 1", "", "")]
    [InlineData("SELECT ", "CASE WHEN ", "a", " THEN 1 END")]
    [InlineData("SELECT ", "(SELECT ", "1", ")")]
    [InlineData("SELECT 1 FROM ", "(SELECT 1 FROM ", "a", ") x")]
    [InlineData("SELECT 1 FROM a", " JOIN b ON c", "", "")]
    [InlineData("SELECT ", "ARRAY[", "1", "]")]
    [InlineData("SELECT a", "[1]", "", "")]
    [InlineData("SELECT a", ".b", "", "")]
    [InlineData("SELECT 1", "::a", "", "")]
    [InlineData("SELECT ", "f(", "1", ")")]
    [InlineData("SELECT a", " COLLATE b", "", "")]
    [InlineData("SELECT a", " AT TIME ZONE b", "", "")]
    [InlineData("CREATE TABLE t (a x", "(x", "(1)", ")")]
    [InlineData("SELECT 1", ";SELECT 1", "", "")]
    [InlineData("CREATE SCHEMA s", " CREATE TABLE a (b int)", "", "")]
    [InlineData("WITH a AS ", "(WITH a AS ", "(SELECT 1)", " SELECT 1)")]
    public void Nesting_and_chains_of_every_length_have_an_answer_soon(string start, string open, string middle, string close)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (int bytes in (int[])[
            500, ParserLimits.MostBytesInline, ParserLimits.MostBytesInline * 2, ParserLimits.MostParsedBytes, ParserLimits.MostScriptBytes,
            10 << 20,
        ])
        {
            int count = Math.Max(1, (bytes - start.Length - middle.Length - 1) / (open.Length + close.Length));
            string sql = start + string.Concat(Enumerable.Repeat(open, count)) + middle + string.Concat(Enumerable.Repeat(close, count));
            Assert.NotEmpty(Facts.Read(sql));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    [Fact]
    public void An_expression_of_a_thousand_levels_is_refused_in_words() =>
        Assert.Equal(
            $"The statement nests deeper than {ParserLimits.MostDepth} levels and is not judged.",
            Assert.IsType<UnreadStatement>(Facts.Read("DROP TABLE t; SELECT 1" + string.Concat(Enumerable.Repeat("+1", 1000)))[1]).Message);

    [Fact]
    public void An_expression_of_four_hundred_levels_is_read() =>
        Assert.IsType<SelectQuery>(Assert.Single(Facts.Read("SELECT 1" + string.Concat(Enumerable.Repeat("+1", 400)))));

    [Theory]
    [InlineData("SELECT 1\0")]
    [InlineData("\0")]
    [InlineData("S\0E\0L\0")]
    public void A_zero_byte_is_refused_in_words(string sql) =>
        Assert.Contains("zero byte", Assert.IsType<UnreadStatement>(Assert.Single(Facts.Read(sql))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_script_above_the_limit_is_refused_in_words() =>
        Assert.Contains("larger than", Assert.IsType<UnreadStatement>(
            Assert.Single(Facts.Read(new string(' ', ParserLimits.MostScriptBytes + 1)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Bulk_data_in_one_statement_is_refused_in_words_and_the_next_statement_is_read()
    {
        IReadOnlyList<Statement> statements = Facts.Read(
            $"INSERT INTO t VALUES {string.Join(',', Enumerable.Range(0, 400_000).Select(row => $"({row})"))}; DROP TABLE t");
        Assert.Contains("is longer than", Assert.IsType<UnreadStatement>(statements[0]).Message, StringComparison.Ordinal);
        Assert.IsType<DropObjects>(statements[1]);
    }

    [Theory]
    [InlineData("SELECT '\uD800', \"\uDC00\"")]
    [InlineData("SELECT E'\\xff'")]
    [InlineData("SELECT U&'\\D800'")]
    [InlineData("SELECT 'open")]
    [InlineData("\u007FELF\u0001\u0002\u0003")]
    [InlineData("\\connect x\nSELECT 1")]
    public void A_text_that_is_no_text_has_an_answer(string sql) => Assert.NotEmpty(Facts.Read(sql));

    [Theory]
    [InlineData(62)]
    [InlineData(61)]
    [InlineData(60)]
    public void A_name_that_is_cut_off_in_a_character_is_read(int ascii) =>
        Assert.IsType<CreateTable>(Assert.Single(Facts.Read($"CREATE TABLE {new string('a', ascii)}𝒳𝒳 (a int)")));

    [Fact]
    public void Random_tokens_always_have_an_answer_with_places_in_the_text()
    {
        Random random = new(20241224);
        for (int round = 0; round < 5000; round++)
        {
            string sql = string.Join(
                random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(40)).Select(_ => s_tokens[random.Next(s_tokens.Length)]));
            int end = 0;
            foreach (TextSpan span in Facts.Read(sql).Select(statement => statement.Span))
            {
                Assert.True(span.Offset >= end && span.Length >= 0 && span.Offset + span.Length <= sql.Length, $"{round}: {span} in {sql}");
                Assert.Equal(
                    (sql.AsSpan(0, span.Offset).Count('\n') + 1, span.Offset - sql.AsSpan(0, span.Offset).LastIndexOf('\n')),
                    (span.Line, span.Column));
                end = span.Offset + span.Length;
            }
        }
    }
}
