using SchemaGate.Core.Proofs;

namespace SchemaGate.Tests.Proofs;

/// <summary>Statements that somebody has exported.</summary>
public sealed class ShapeFilesTests
{
    [Theory]
    [InlineData("""[{"query": "SELECT 1;", "calls": 7, "role": "shop"}, "SELECT 2"]""")]
    [InlineData("{\"query\": \"SELECT 1\", \"calls\": \"7\", \"role\": \"shop\"}\r\n\n{\"query\": \"SELECT 2\"}\n")]
    [InlineData("\uFEFFrole,calls,query\r\nshop,7,SELECT 1\r\n,,\"SELECT 2\"")]
    public void The_formats_say_the_same(string text)
    {
        IReadOnlyList<StatementShape> shapes = ShapeFiles.Read(text)!;
        Assert.Equal("SELECT 1|SELECT 2", string.Join('|', shapes.Select(shape => shape.Text)));
        Assert.Equal((7, "shop"), (shapes[0].Calls, shapes[0].Role));
        Assert.Equal(0, shapes[1].Calls);
    }

    [Fact]
    public void A_quoted_field_keeps_its_lines_commas_and_quotation_marks() => Assert.Equal(
        "SELECT \"a\",\n b", Assert.Single(ShapeFiles.Read("query\n\"SELECT \"\"a\"\",\n b\"\n")!).Text);

    [Theory]
    [InlineData("SELECT query FROM x;")]
    [InlineData("")]
    [InlineData("-- query\nSELECT 1")]
    public void Anything_else_is_sql(string text) => Assert.Null(ShapeFiles.Read(text));

    [Theory]
    [InlineData("[1]", "without a query")]
    [InlineData("{\"calls\": 1}", "Line 1 has something without a query")]
    [InlineData("{\"query\": \"SELECT 1\"}\n{", "Line 2 is no JSON")]
    [InlineData("query\n\"SELECT", "inside of quotation marks")]
    public void What_cannot_be_read_to_its_end_is_refused_and_not_quoted(string text, string says)
    {
        FormatException exception = Assert.Throws<FormatException>(() => ShapeFiles.Read(text));
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_called_ones_within_the_bounds_are_kept_and_the_others_counted()
    {
        IEnumerable<StatementShape> read = Enumerable.Range(1, ShapeReading.MostShapes + 3)
            .Select(number => new StatementShape($"SELECT {number}", number))
            .Append(new("SELECT 1", 1_000_000)).Append(new(new string('x', ShapeReading.LongestText + 1), 1));
        ShapeReading reading = ShapeReading.Of(read, utility: 2);
        Assert.Equal((ShapeReading.MostShapes, 4, 2), (reading.Shapes.Count, reading.Beyond, reading.Utility));
        Assert.Equal(new StatementShape("SELECT 1", 1_000_001), reading.Shapes[0]);
        Assert.Contains("4 statements are longer than 64 KiB or beyond", Assert.Single(reading.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_as_long_as_its_bytes() => Assert.Equal(
        (1, 1),
        ShapeReading.Of([new(new string('é', ShapeReading.LongestText / 2)), new(new string('é', (ShapeReading.LongestText / 2) + 1))], 0)
            is var reading ? (reading.Shapes.Count, reading.Beyond) : default);

    [Fact]
    public void Where_there_is_no_statement_nothing_is_proved_and_that_is_said()
    {
        Assert.StartsWith("No statement of running code is known", Assert.Single(new ShapeReading([]).Notes), StringComparison.Ordinal);
        Assert.Empty(new ShapeReading([new("SELECT 1")]).Notes);
    }

    [Fact]
    public void What_was_not_read_is_said_with_what_would_help()
    {
        ShapeReading reading = new([]) { Hidden = 1, Lost = 2 };
        Assert.Equal(2, reading.Notes.Count);
        Assert.StartsWith("1 statement of other roles is hidden", reading.Notes[0], StringComparison.Ordinal);
        Assert.Contains("`GRANT pg_read_all_stats TO <role>`", reading.Notes[0], StringComparison.Ordinal);
        Assert.Contains("pg_stat_statements.max", reading.Notes[1], StringComparison.Ordinal);
    }
}
