using System.Text.Json;
using SchemaGate.Kubernetes.Manifests;

namespace SchemaGate.Tests.Kubernetes;

public sealed class ManifestContentTests
{
    [Theory]
    [InlineData("a: 1\n---\nb: 2\n", """1{"a":1} 3{"b":2}""")]
    [InlineData("---\n# a chart's comment\na: 1\n---\n---\n# nothing\n---\nb: 2", """3{"a":1} 8{"b":2}""")]
    [InlineData("\uFEFFa: 1", """1{"a":1}""")]
    [InlineData("a: 1\r\n---\r\nb: 2\r\n...\r\n", """1{"a":1} 3{"b":2}""")]
    [InlineData("{a: 1}", """1{"a":1}""")]
    [InlineData("{\"a\":1}\n---\n{\"b\":2}", """1{"a":1} 3{"b":2}""")]
    [InlineData("[1, x]", """1[1,"x"]""")]
    [InlineData("", "")]
    [InlineData("# nothing", "")]
    public void A_text_has_documents(string text, string expected) => Assert.Equal(expected, Shown(text));

    [Theory]
    [InlineData("\n{\n\t\"a\": \"\\ud83d\\ude00\\/\"}\n{\"b\":[true,null,1.50]}", """2{"a":"\uD83D\uDE00/"} 4{"b":[true,null,1.50]}""")]
    [InlineData("", "")]
    [InlineData("null", "")]
    public void Json_may_be_several_values(string text, string expected) => Assert.Equal(expected, Shown(text, isJson: true));

    [Theory]
    [InlineData("""{a: yes, b: "yes", c: !!str true, d: ~, e: 007x, f: 1.5, g: '1', h: On}""",
        """{"a":true,"b":"yes","c":"true","d":null,"e":"007x","f":1.5,"g":"1","h":true}""")]
    [InlineData("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {b: 4, <<: [*x, {c: 5}]}",
        """{"x":{"a":1,"b":2},"y":{"b":3,"a":1},"z":{"b":4,"a":1,"c":5}}""")]
    [InlineData("on: 1\n2: b\n\"<<\": c", """{"true":1,"2":"b","<<":"c"}""")]
    [InlineData("a: |\n  b: c\n  ---x\n", """{"a":"b: c\n---x\n"}""")]
    public void Values_are_typed_as_kubectl_types_them(string text, string expected) => Assert.Equal($"1{expected}", Shown(text));

    [Fact]
    public void Lists_are_taken_apart_and_their_items_keep_their_lines()
    {
        Assert.Equal(
            """4{"kind":"A"} 5{"kind":"B"}""",
            Shown("apiVersion: v1\nkind: List\nitems:\n- kind: A\n- {kind: List, items: [{kind: B}]}\n"));
        Assert.Equal(
            """3{"kind":"A"} 4{"kind":"B"}""", Shown("{\"kind\": \"List\", \"items\": [\n\n{\"kind\": \"A\"},\n{\"kind\": \"B\"}]}"));
        Assert.Equal(
            """2{"kind":"Job","apiVersion":"batch/v1"}""", Shown("{apiVersion: batch/v1, kind: JobList, items: [\n {}]}"));
        Assert.Equal("""1{"kind":"AllowList","items":1}""", Shown("{kind: AllowList, items: 1}"));
    }

    [Fact]
    public void A_key_that_stands_twice_is_told_and_the_last_one_counts()
    {
        ManifestContent content = ManifestContent.Read("a: 1\nb: 2\na: 3\n", isJson: false);
        Assert.Equal("""{"b":2,"a":3}""", Sorted(Assert.Single(content.Objects).Content));
        Assert.Equal((3, "the key 'a' stands twice in one mapping, and the last one counts"), Only(content.Remarks));
        Assert.Equal(2, Only(ManifestContent.Read("{\"a\":1,\n\"a\":2}", isJson: true).Remarks).Line);
    }

    [Theory]
    [InlineData("a: 1\n---\nb: [\n", 4, "not valid YAML")]
    [InlineData("a: 1\n---\n{{- if .Values.x }}\nb: 2\n", 3, "not valid YAML")]
    [InlineData("a: 1\n---\nb: *c", 3, "alias of nothing")]
    [InlineData("a: 1\n---\nb: &b [*b]", 3, "alias of nothing")]
    [InlineData("a: &a 1\n---\nb: *a", 3, "alias of nothing")]
    [InlineData("a: 1\n---\n[b]: c", 3, "no text")]
    [InlineData("a: 1\n---\n<<: c", 3, "no mapping")]
    public void What_stands_before_a_broken_document_is_read(string text, int line, string words)
    {
        ManifestContent content = ManifestContent.Read(text, isJson: false);
        Assert.Equal("""{"a":1}""", Assert.Single(content.Objects).Content.GetRawText());
        Assert.Equal(line, content.Problem!.Line);
        Assert.Contains(words, content.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":}", 2)]
    [InlineData("{\"a\":1}\n\n{\"b\":1", 3)]
    [InlineData("{\"a\":1}\nb: 2", 2)]
    [InlineData("{\"a\":1}\n\"\\ud83d\"", 2)]
    public void Broken_json_is_told_with_its_line(string text, int line)
    {
        ManifestContent content = ManifestContent.Read(text, isJson: true);
        Assert.Equal("""{"a":1}""", Assert.Single(content.Objects).Content.GetRawText());
        Assert.Equal(line, content.Problem!.Line);
    }

    [Fact]
    public void A_problem_quotes_nothing_of_what_may_be_a_secret()
    {
        ManifestContent content = ManifestContent.Read("kind: Secret\ndata:\n  key: \"planted-secret\n", isJson: false);
        Assert.DoesNotContain("planted", content.Problem!.Message, StringComparison.Ordinal);
        content = ManifestContent.Read("{\"data\": planted-secret}", isJson: true);
        Assert.DoesNotContain("planted", content.Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_multiply_are_bounded()
    {
        string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 20).Select(
            i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("more than 64 MiB", ManifestContent.Read(laughs, isJson: false).Problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_is_bounded_with_and_without_aliases()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        Assert.Contains("nests deeper", ManifestContent.Read(deep, isJson: false).Problem!.Message, StringComparison.Ordinal);
        Assert.NotNull(ManifestContent.Read(deep, isJson: true).Problem);
        string chain = "a0: &a0 x\n" + string.Concat(Enumerable.Range(1, 300).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n"));
        Assert.Contains("nests deeper", ManifestContent.Read(chain, isJson: false).Problem!.Message, StringComparison.Ordinal);
        string schema = new string('[', 255) + new string(']', 255);
        Assert.Null(ManifestContent.Read(schema, isJson: false).Problem);
        Assert.Null(ManifestContent.Read(schema, isJson: true).Problem);
    }

    private static string Shown(string text, bool isJson = false)
    {
        ManifestContent content = ManifestContent.Read(text, isJson);
        Assert.Null(content.Problem);
        return string.Join(' ', content.Objects.Select(found => $"{found.Line}{found.Content.GetRawText()}"));
    }

    private static string Sorted(JsonElement value) =>
        $"{{{string.Join(',', value.EnumerateObject().OrderByDescending(member => member.Name, StringComparer.Ordinal))}}}";

    private static (int Line, string Message) Only(IReadOnlyList<ManifestRemark> remarks)
    {
        ManifestRemark remark = Assert.Single(remarks);
        return (remark.Line, remark.Message);
    }
}
