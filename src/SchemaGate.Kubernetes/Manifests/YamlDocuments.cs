using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SchemaGate.Kubernetes.Manifests;

/// <summary>
/// YAML's documents, from the parser's events: its own model knows no bounds, and gives up a file for one broken document.
/// </summary>
internal sealed class YamlDocuments(string text) : ManifestDocuments
{
    private const string TextTag = "tag:yaml.org,2002:str";

    private readonly Parser parser = new(new StringReader(text));
    private readonly Dictionary<AnchorName, Anchored> anchors = [];

    /// <summary>The deepest value so far of whatever is read now.</summary>
    private int deepest;

    public override bool Next(out JsonNode? root, out int line)
    {
        try
        {
            parser.TryConsume<StreamStart>(out _);
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                (root, line) = (null, 0);
                return false;
            }

            anchors.Clear();
            line = Line(parser.Current!);
            root = Value(1);
            parser.Consume<DocumentEnd>();
            return true;
        }
        catch (YamlException exception)
        {
            // Its own sentence may quote the text.
            throw new ManifestFault((int)exception.Start.Line, string.Create(
                CultureInfo.InvariantCulture, $"it is not valid YAML (column {exception.Start.Column})"), exception);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException
            or OverflowException)
        {
            throw new ManifestFault((int)(parser.Current?.End.Line ?? 1), "it is not valid YAML", exception);
        }
    }

    private JsonNode? Value(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Copy(alias, depth);
        }

        NodeEvent start = parser.Consume<NodeEvent>();
        (long before, int outside) = (Spent, deepest);
        deepest = depth;
        SpendValue(depth, Line(start));
        JsonNode? value = start switch
        {
            Scalar scalar => Typed(scalar),
            SequenceStart => Sequence(depth),
            _ => Mapping(depth, Line(start)),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor] = new(value, Spent - before, deepest - depth);
        }

        deepest = Math.Max(deepest, outside);
        return value;
    }

    private JsonNode? Copy(AnchorAlias alias, int depth)
    {
        // An anchor around its own alias is not known yet.
        if (!anchors.TryGetValue(alias.Value, out Anchored? known))
        {
            throw new ManifestFault(Line(alias), "it has an alias of nothing that stands before");
        }

        deepest = Math.Max(deepest, depth + known.Height);
        Spend(known.Cost, Line(alias));
        SpendValue(deepest, Line(alias));
        return known.Node?.DeepClone();
    }

    private JsonArray Sequence(int depth)
    {
        JsonArray items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(depth + 1));
        }

        return items;
    }

    private JsonObject Mapping(int depth, int line)
    {
        JsonObject members = Begin(depth, line);
        List<JsonNode?> merged = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            int at = Line(parser.Current!);
            bool isMerge = parser.Current is Scalar { Style: ScalarStyle.Plain, Value: "<<" };
            string key = Key(depth + 1, at);
            JsonNode? value = Value(depth + 1);
            if (isMerge)
            {
                merged.Add(value);
            }
            else
            {
                Set(members, key, value, at);
            }
        }

        Merge(members, merged, line);
        return members;
    }

    /// <summary>What stands in the mapping itself counts before what is merged into it (yaml.org/type/merge.html).</summary>
    private static void Merge(JsonObject members, List<JsonNode?> merged, int line)
    {
        foreach (JsonNode? source in merged.SelectMany(value => value is JsonArray several ? several : (IEnumerable<JsonNode?>)[value]))
        {
            if (source is not JsonObject mapping)
            {
                throw new ManifestFault(line, "it merges what is no mapping");
            }

            foreach ((string key, JsonNode? value) in mapping.ToList())
            {
                mapping.Remove(key);
                members.TryAdd(key, value);
            }
        }
    }

    private string Key(int depth, int line) => Value(depth) switch
    {
        null => "null",
        JsonValue value => value.ToString(),
        _ => throw new ManifestFault(line, "it has a key that is no text"),
    };

    /// <summary>As YAML 1.1 reads a plain one, which is what kubectl, Helm and kustomize do.</summary>
    private JsonValue? Typed(Scalar scalar)
    {
        string value = scalar.Value;
        Spend(value.Length, Line(scalar));
        return scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific && scalar.Tag.Value == TextTag)
            ? JsonValue.Create(value)
            : Plain(value);
    }

    private static JsonValue? Plain(string value) => value switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
        _ when decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => JsonValue.Create(number),
        _ => JsonValue.Create(value),
    };

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    /// <summary>What an alias stands for.</summary>
    /// <param name="Cost">What it counts for, each time.</param>
    /// <param name="Height">How many levels lie below it.</param>
    private sealed record Anchored(JsonNode? Node, long Cost, int Height);
}
