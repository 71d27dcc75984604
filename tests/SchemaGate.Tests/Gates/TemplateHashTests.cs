using System.Text.Json;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates;

public sealed class TemplateHashTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":[1,2],"d":"x"}}""", """{ "b": { "d": "x", "c": [1, 2] }, "a": 1 }""")]
    [InlineData(
        """{"metadata":{"labels":{"app":"shop"}}}""",
        """{"metadata":{"creationTimestamp":null,"labels":{"app":"shop","pod-template-hash":"5d4f"}}}""")]
    [InlineData("""{"a":"é<"}""", """{"a":"\u00e9\u003c"}""")]
    public void Templates_of_one_meaning_have_one_name(string left, string right) => Assert.Equal(Hash(left), Hash(right));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{},"b":1}""")]
    [InlineData("""{"a":[null]}""", """{"a":[]}""")]
    [InlineData("""{"annotations":{"pod-template-hash":"1"}}""", """{"annotations":{"pod-template-hash":"2"}}""")]
    [InlineData("""{"labels":{"app":"a"}}""", """{"labels":{"app":"b"}}""")]
    public void Templates_of_another_meaning_have_another(string left, string right) => Assert.False(Hash(left) == Hash(right));

    [Fact]
    public void The_name_has_256_bits_and_does_not_change_between_versions() =>
        Assert.Equal("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", Hash("{}"));

    [Theory]
    [InlineData("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", true)]
    [InlineData("44136fa355b3678a", true)]
    [InlineData("44136fa355b3678b", false)]
    [InlineData("44136fa355b36", false)]
    [InlineData("44136fa355b3678a1146ad16f7e8649e", false)]
    [InlineData("", false)]
    public void What_an_earlier_version_noted_names_the_same_template_and_nothing_shorter_does(string noted, bool isSame) =>
        Assert.Equal(isSame, TemplateHash.IsOf(noted, Hash("{}")));

    [Fact]
    public void A_workload_without_a_template_has_a_name_too() => Assert.Equal(64, TemplateHash.Of(default).Length);

    private static string Hash(string json) => TemplateHash.Of(JsonElement.Parse(json));
}
