using System.Text.Json;
using SchemaGate.Api;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Api;

public sealed class OptInReaderTests
{
    private const string Marks = """
        "metadata":{"labels":{"schemagate.dev/gated":"true"},"annotations":{"schemagate.dev/requires":"shop=x:1"}}
        """;

    [Theory]
    [InlineData("apps/v1", "Deployment", """{"template":{MARKS}}""", true)]
    [InlineData("argoproj.io/v1alpha1", "Rollout", """{"workloadRef":{"name":"shop"}}""", false)]
    [InlineData("batch/v1", "Job", """{"template":{MARKS}}""", true)]
    [InlineData("batch/v1beta1", "CronJob", """{"jobTemplate":{"spec":{"template":{MARKS}}}}""", true)]
    [InlineData("batch/v1", "CronJob", """{"jobTemplate":{MARKS}}""", false)]
    [InlineData("example.com/v1", "Widget", """{"template":{MARKS}}""", true)]
    [InlineData("v1", "Pod", """{"template":{MARKS}}""", false)]
    public void A_kinds_pod_template_is_found_where_it_stands(string version, string kind, string spec, bool isThere)
    {
        OptInClaim claim = Claim($$"""{"apiVersion":"{{version}}","kind":"{{kind}}",MARKS,"spec":{{spec}} }""");
        Assert.Equal((version.Contains('/') ? version.Split('/')[0] : "", kind), (claim.ApiGroup, claim.Kind));
        Assert.Equal(new("true", "shop=x:1"), claim.Own);
        Assert.Equal(isThere ? new OptInMarks("true", "shop=x:1") : null, claim.Template);
    }

    [Fact]
    public void A_label_that_stands_between_a_cronjob_and_its_pods_is_seen()
    {
        OptInClaim claim = Claim("""
            {"apiVersion":"batch/v1","kind":"CronJob","metadata":{},"spec":{"jobTemplate":{MARKS,"spec":{"template":{}}}}}
            """);
        Assert.Equal("true", claim.Own.Label);
        Assert.Single(OptIn.Problems(claim), problem => problem.Id == "label-on-object-alone");
    }

    [Theory]
    [InlineData("true", "schemagate.dev/gated in metadata.labels is no text: without quotes it is read as true")]
    [InlineData("1", "read as 1,")]
    [InlineData("""{"a":1}""", "is no text")]
    public void A_label_that_is_no_text_is_told_once(string value, string words)
    {
        (OptInClaim claim, IReadOnlyList<OptInProblem> problems) = OptInReader.Read(JsonElement.Parse("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"schemagate.dev/gated":VALUE},
             "annotations":{"schemagate.dev/requires":"shop=x:1"}}}
            """.Replace("VALUE", value, StringComparison.Ordinal)));
        Assert.Contains(words, Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Empty(OptIn.Problems(claim));
    }

    [Fact]
    public void What_is_null_is_an_empty_text_to_the_server() => Assert.Equal(
        new("", ""), Claim("""
            {"kind":"Pod","metadata":{"labels":{"schemagate.dev/gated":null},"annotations":{"schemagate.dev/requires":null}}}
            """).Own);

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"kind":1,"apiVersion":[],"metadata":"x","spec":[]}""")]
    [InlineData("""{"kind":"Job","apiVersion":"batch/v1","metadata":{"labels":["schemagate.dev/gated"]},"spec":{"template":7}}""")]
    public void What_has_another_shape_says_nothing(string json) =>
        Assert.Equal((true, true), (Claim(json).Own.IsEmpty, Claim(json).Template is null));

    private static OptInClaim Claim(string json)
    {
        (OptInClaim claim, IReadOnlyList<OptInProblem> problems) = OptInReader.Read(
            JsonElement.Parse(json.Replace("MARKS", Marks, StringComparison.Ordinal)));
        Assert.Empty(problems);
        return claim;
    }
}
