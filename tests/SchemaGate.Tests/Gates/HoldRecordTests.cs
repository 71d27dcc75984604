using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class HoldRecordTests
{
    [Fact]
    public void A_hold_reads_back_as_it_was_written()
    {
        Hold hold = GivenWorkload.Noted(paused: true) with { Message = "shop: \"a\" – 1 of 2 😀\n", Since = Given.Now.AddTicks(1234567) };
        Assert.Equal(hold, Hold.FromJson(hold.ToJson()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"paused":true,"template":"t1"}""")]
    [InlineData("""{"paused":"yes","template":"t1","since":"2026-01-01T00:00:00Z","reason":"x","message":"y"}""")]
    [InlineData("""{"paused":true,"template":"t1","since":"yesterday","reason":"x","message":"y"}""")]
    public void What_is_not_a_hold_is_none(string? text) => Assert.Null(Hold.FromJson(text));

    [Fact]
    public void No_text_makes_the_reader_throw() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll(Gen.Elements("{", "}", "\"", "template", ":", ",", "null", "[", "1e999", "\\u", "\u00e9", "since").ListOf()
            .Select(string.Concat).ToArbitrary(),
            text => Hold.FromJson(text) is null));

    [Fact]
    public void A_record_covers_what_it_has_a_release_for_in_whatever_database()
    {
        RevisionRecord record = new("t1", [Given.Release("x:1", identity: "1/elsewhere/public")]);
        Assert.True(record.Covers([new("shop", "x:1")]));
        Assert.True(record.Covers([new("shop", Value: null)]));
        Assert.False(record.Covers([new("shop", "x:2")]));
        Assert.False(record.Covers([new("shop", "x:1"), new("billing", "x:1")]));
        Assert.False(record.Covers([]));
    }
}
