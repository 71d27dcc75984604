using SchemaGate.Core.Proofs;

namespace SchemaGate.Tests.Proofs;

/// <summary>What has become of a statement between two looks.</summary>
public sealed class ShapeComparisonTests
{
    private static readonly ProofPlace s_place = new("2_next", "ALTER TABLE t DROP c", 3);

    private static readonly ShapeMeaning s_before = new(["integer"], [new("a", "text", 25), new("b", "integer", 23)])
    {
        WasTried = true,
    };

    [Fact]
    public void The_same_survives() => Assert.IsType<ProofOutcome.Survives>(ShapeComparison.Of(s_before, new(s_before with
    {
        Parameters = ["integer"],
        Columns = [.. s_before.Columns],
    }), s_place));

    [Fact]
    public void A_refusal_is_what_breaks_it() => Assert.Equal(
        new ProofOutcome.Broken("42703", "no", s_place),
        ShapeComparison.Of(s_before, new ShapeLook(new ShapeError("42703", "no")), s_place));

    [Theory]
    [InlineData("a text 25|b integer 23|c date 1082", "it returns c, too")]
    [InlineData("a text 25", "it no longer returns b")]
    [InlineData("a text 25|b bigint 20", "it returns b as bigint, which was integer")]
    [InlineData("a text 25|b integer 99", "the type integer of the column b was made anew")]
    [InlineData("b integer 23|a text 25", "it returns its columns in another order")]
    public void Other_columns_are_said(string columns, string says)
    {
        ShapeMeaning after = s_before with
        {
            Columns = [.. columns.Split('|').Select(column => column.Split(' '))
                .Select(column => new ShapeColumn(column[0], column[1], uint.Parse(column[2], null)))],
        };
        ProofOutcome outcome = ShapeComparison.Of(s_before, new(after), s_place);
        Assert.Equal([says], Assert.IsType<ProofOutcome.Changed>(outcome).Differences);
    }

    [Theory]
    [InlineData(null, "23502", "Broken")]
    [InlineData("23503", "42P10", "Broken")]
    [InlineData(null, "23503", "Survives")]
    [InlineData(null, "23514", "Unproven")]
    [InlineData(null, "22001", "Unproven")]
    [InlineData("22P02", "23502", "Broken")]
    [InlineData("23514", "23514", "Unproven")]
    [InlineData("23502", "23514", "Unproven")]
    [InlineData("23514", null, "Survives")]
    public void A_trial_tells_only_what_values_have_no_part_in(string? before, string? after, string outcome) => Assert.Equal(
        outcome,
        ShapeComparison.Of(
            s_before with { Trial = before is null ? null : new(before, "x") },
            new(s_before with { Trial = after is null ? null : new(after, "y") }),
            s_place)
            .GetType().Name);

    [Theory]
    [InlineData("1 a|2 b|4 d", null)]
    [InlineData("1 a|2 renamed", null)]
    [InlineData("1 a|3 c", "value 2 was b's and is c's")]
    [InlineData("1 a", null)]
    public void Values_are_followed_to_their_columns(string after, string? says)
    {
        ShapeMeaning before = s_before with { Targets = [new(1, "a"), new(2, "b")] };
        ShapeMeaning now = s_before with
        {
            Targets = [.. after.Split('|').Select(column => column.Split(' '))
                .Select(column => new TargetColumn(int.Parse(column[0], null), column[1]))],
        };
        Assert.Equal(says, (ShapeComparison.Of(before, new(now), s_place) as ProofOutcome.Shifted)?.Message);
    }
}
