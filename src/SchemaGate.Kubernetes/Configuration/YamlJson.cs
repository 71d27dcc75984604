using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>A piece of YAML as JSON, its plain scalars typed by YAML's core schema.</summary>
internal static class YamlJson
{
    /// <summary>Aliases can make a few lines into very many nodes.</summary>
    private const int MaxNodes = 1000;

    public static JsonNode? Of(YamlNode node)
    {
        var left = MaxNodes;
        return Of(node, ref left);
    }

    private static JsonNode? Of(YamlNode node, ref int left)
    {
        if (left-- <= 0)
        {
            throw YamlFile.Invalid($"an extension of the kubeconfig's cluster has more than {MaxNodes} values");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    members[(key as YamlScalarNode)?.Value ?? ""] = Of(value, ref left);
                }

                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    items.Add(Of(item, ref left));
                }

                return items;
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    private static JsonValue? Scalar(YamlScalarNode scalar) => scalar switch
    {
        { Style: not ScalarStyle.Plain } => JsonValue.Create(scalar.Value),
        _ when YamlFile.IsNull(scalar) => null,
        { Value: "true" or "false" } => JsonValue.Create(scalar.Value == "true"),
        _ when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(
            whole),
        _ when decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(scalar.Value),
    };
}
