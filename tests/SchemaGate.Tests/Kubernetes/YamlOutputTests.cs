using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaGate.Kubernetes.Manifests;

namespace SchemaGate.Tests.Kubernetes;

public sealed class YamlOutputTests
{
    [Theory]
    [InlineData("""{"a":"b","c":[1,true,null,1.5],"d":{"e":[]},"f":{},"g":[{"h":"i","j":"k"}]}""")]
    [InlineData("""{"a":"yes","b":"No","c":"null","d":"~","e":"1.5","f":"0x1f","g":"2020-01-02","h":"","i":"- x","j":"a: b","k":"a #b"}""")]
    [InlineData("""{"a":"one\ntwo\n","b":" x ","c":"it's \"so\"","d":"\u0007\u0085","e":"é \ud83d\ude00","f":"x\t","g":"%x","h":"on"}""")]
    [InlineData("""["!x","&y","*z","@","`","{}","[","|",">"]""")]
    public void What_is_written_is_read_as_it_was(string json)
    {
        using StringWriter output = new();
        YamlOutput.Write(output, JsonElement.Parse(json));
        Assert.True(new YamlDocuments(output.ToString()).Next(out JsonNode? read, out _), output.ToString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), read), output.ToString());
    }

    [Fact]
    public void It_is_written_as_people_write_it_and_no_line_is_folded()
    {
        string sentence = string.Join(' ', Enumerable.Repeat("word", 60));
        using StringWriter output = new();
        YamlOutput.Write(output, JsonElement.Parse($$"""{"a":[{"b":"{{sentence}}","c":"registry.example.com/shop:1"}],"d":"true"}"""));
        Assert.Equal(
            $"a:\n- b: {sentence}\n  c: registry.example.com/shop:1\nd: \"true\"\n", output.ToString().ReplaceLineEndings("\n"));
    }
}
