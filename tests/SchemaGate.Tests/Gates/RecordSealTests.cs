using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class RecordSealTests
{
    private static readonly RecordSeal s_seal = new(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray());
    private static readonly RevisionRecord s_record = new(
        "t1", [Given.Release(through: Given.M(1)) with { At = Given.Now.AddTicks(1234567) }, GivenWorkload.BillingRelease]);

    [Fact]
    public void A_record_reads_back_as_it_was_written()
    {
        RevisionRecord read = s_seal.Read("shop", s_seal.Write("shop", s_record), "t1")!;
        Assert.Equal("t1", read.Template);
        Assert.Equal(s_record.Releases, read.Releases);
        Assert.Equal(s_seal.Write("shop", s_record), s_seal.Write("shop", read));
    }

    [Fact]
    public void A_record_proves_nothing_in_another_namespace_for_another_template_or_under_another_key()
    {
        string text = s_seal.Write("shop", s_record);
        Assert.Null(s_seal.Read("other", text, "t1"));
        Assert.Null(s_seal.Read("shop", text, "t2"));
        Assert.Null(s_seal.Read("shop", text.Replace("\"t1\"", "\"t2\"", StringComparison.Ordinal), "t2"));
        Assert.Null(new RecordSeal(new byte[32]).Read("shop", text, "t1"));
    }

    /// <summary>Or an update would close what runs.</summary>
    [Fact]
    public void A_record_of_an_earlier_version_with_the_shorter_hash_counts_for_its_template_and_is_written_with_the_longer()
    {
        string template = new string('a', 16) + new string('b', 48);
        string text = s_seal.Write("shop", s_record with { Template = template[..16] });
        Assert.Equal(template, s_seal.Read("shop", text, template)?.Template);
        Assert.Null(s_seal.Read("shop", text, new string('a', 15) + new string('b', 49)));
        Assert.Null(s_seal.Read("shop", text.Replace(template[..16], template, StringComparison.Ordinal), template));
    }

    [Fact]
    public void Whatever_is_changed_in_a_record_breaks_its_seal() => Assert.All(Fields(), field =>
    {
        JsonObject changed = (JsonObject)JsonNode.Parse(s_seal.Write("shop", s_record))!;
        changed["releases"]![0]![field] = field == "at" ? "2020-01-01T00:00:00Z" : "x";
        Assert.Null(s_seal.Read("shop", changed.ToJsonString(), "t1"));
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"template":"t1","releases":[null],"seal":""}""")]
    [InlineData("""{"template":"t1","releases":[{}],"seal":"ü"}""")]
    [InlineData("""{"template":"t1","releases":null,"seal":"AAAA"}""")]
    [InlineData("""{"template":"t1","releases":[]}""")]
    public void What_is_not_a_record_is_none(string? text) => Assert.Null(s_seal.Read("shop", text, "t1"));

    [Fact]
    public void No_mutation_of_a_record_is_one() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(
        Gen.Choose(0, s_seal.Write("shop", s_record).Length - 1).Zip(Gen.Elements("", "\"", "}", "null", "0", "x", "\\", "["))
            .ToArbitrary(),
        edit =>
        {
            string text = s_seal.Write("shop", s_record);
            string changed = text.Remove(edit.Item1, 1).Insert(edit.Item1, edit.Item2);
            return changed == text || s_seal.Read("shop", changed, "t1") is null;
        }));

    private static IEnumerable<string> Fields() => ["gate", "requirement", "digest", "through", "identity", "at", "reason"];
}
