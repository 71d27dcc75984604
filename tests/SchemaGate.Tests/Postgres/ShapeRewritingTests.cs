using SchemaGate.Postgres.Proving;

namespace SchemaGate.Tests.Postgres;

/// <summary>What the normaliser made of a text, mended where the parser stumbles.</summary>
public sealed class ShapeRewritingTests
{
    [Theory]
    [InlineData("SELECT date $1", "SELECT CAST($1 AS date)")]
    [InlineData("SELECT x > interval $12 day to minute, 1", "SELECT x > CAST($12 AS interval day to minute), 1")]
    [InlineData("SELECT timestamp(3) with time zone $1", "SELECT CAST($1 AS timestamp(3) with time zone)")]
    [InlineData("SELECT double precision $1", "SELECT CAST($1 AS double precision)")]
    [InlineData("SELECT \"public\".\"Mood\" $1 FROM t", "SELECT CAST($1 AS \"public\".\"Mood\") FROM t")]
    [InlineData("SELECT numeric(10,2) $1", "SELECT CAST($1 AS numeric(10,2))")]
    [InlineData("SELECT extract($1 FROM at)", "SELECT extract(year FROM at)")]
    [InlineData("SELECT normalize(a, $1)", "SELECT normalize(a, NFC)")]
    [InlineData("SELECT 'é😀', date /* x */ $1", "SELECT 'é😀', CAST($1 AS date)")]
    public void A_constant_that_the_grammar_wants(string text, string mended) =>
        Assert.Equal(mended, ShapeRewriting.AtSyntaxError(text, text.IndexOf('$', StringComparison.Ordinal)));

    [Theory]
    [InlineData("SELECT ( $1", 0)]
    [InlineData("SELECT a", 7)]
    [InlineData("$1", 0)]
    [InlineData("SELECT 1 $1", 9)]
    public void What_is_not_known_stays(string text, int offset) => Assert.Null(ShapeRewriting.AtSyntaxError(text, offset));

    [Theory]
    [InlineData(
        "SELECT date_trunc($1, at), sum(a) FROM t GROUP BY date_trunc($2, at)",
        "SELECT date_trunc($1, at), sum(a) FROM t GROUP BY date_trunc($1, at)")]
    [InlineData(
        "SELECT date_trunc($1, at) FROM t WHERE a = $2 GROUP BY date_trunc('day', at)",
        "SELECT date_trunc('day', at) FROM t WHERE a = $2 GROUP BY date_trunc('day', at)")]
    [InlineData("SELECT a % $10 FROM t GROUP BY a % 10", "SELECT a % 10 FROM t GROUP BY a % 10")]
    [InlineData("SELECT f($1) FROM t WHERE g($2)", null)]
    public void A_constant_that_was_written_twice(string text, string? mended) =>
        Assert.Equal(mended, ShapeRewriting.WithSameValues(text));

    [Theory]
    [InlineData("INSERT INTO a.\"B\" AS x (\"Id\", Name) VALUES ($1, now())", "a.\"B\"", "Id name", true, false)]
    [InlineData("INSERT INTO t VALUES ($1) ON CONFLICT (a) DO NOTHING", "t", "", true, true)]
    [InlineData("INSERT INTO t (a) SELECT b FROM c", "t", "a", false, false)]
    [InlineData("INSERT INTO t (SELECT b FROM c)", "t", "", false, false)]
    [InlineData("INSERT INTO t (a) VALUES (pg_terminate_backend($1))", "t", "a", false, false)]
    [InlineData("INSERT INTO t (a) VALUES (pg_catalog.pg_terminate_backend ($1))", "t", "a", false, false)]
    public void An_insert_is_read_by_its_tokens(string text, string table, string columns, bool isPlain, bool hasConflict)
    {
        InsertShape insert = InsertShape.Of(text)!;
        Assert.Equal((table, isPlain, hasConflict), (insert.Table, insert.IsPlain, insert.HasConflict));
        Assert.Equal(columns, string.Join(' ', insert.Columns));
    }
}
