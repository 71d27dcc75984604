using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>Reads YAML by its representation model, which needs no reflection.</summary>
internal static class YamlFile
{
    private const int MaxBytes = 1 << 20;
    private const int MaxDepth = 32;

    public static YamlMappingNode Read(string path) => Parse(BoundedFile.ReadText(path, MaxBytes), path);

    /// <returns>An empty mapping for an empty text.</returns>
    public static YamlMappingNode Parse(string text, string source)
    {
        try
        {
            EnsureShallow(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.FirstOrDefault()?.RootNode switch
            {
                null or YamlScalarNode { Value: null or "" } => [],
                YamlMappingNode root => root,
                _ => throw Invalid($"{source} is not a kubeconfig: its top level is not a mapping"),
            };
        }
        catch (YamlException e)
        {
            // The parser's own sentence may quote the text, and the text holds credentials.
            throw Invalid(string.Create(CultureInfo.InvariantCulture,
                $"{source} is not valid YAML at line {e.Start.Line}, column {e.Start.Column}"));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Invalid($"{source} is not valid YAML");
        }
    }

    public static KubernetesException Invalid(string message) => new(StatusReason.InvalidConfiguration, message);

    public static string? Text(this YamlMappingNode mapping, string key) => mapping.Child(key) switch
    {
        null => null,
        YamlScalarNode scalar => IsNull(scalar) ? null : scalar.Value,
        _ => throw Invalid($"the kubeconfig's '{key}' has to be a text"),
    };

    public static bool Flag(this YamlMappingNode mapping, string key) => mapping.Text(key) switch
    {
        null => false,
        var text when bool.TryParse(text, out var value) => value,
        _ => throw Invalid($"the kubeconfig's '{key}' has to be true or false"),
    };

    public static YamlMappingNode Mapping(this YamlMappingNode mapping, string key) => mapping.Child(key) switch
    {
        null => [],
        YamlMappingNode child => child,
        YamlScalarNode scalar when IsNull(scalar) => [],
        _ => throw Invalid($"the kubeconfig's '{key}' has to be a mapping"),
    };

    public static IEnumerable<YamlMappingNode> Mappings(this YamlMappingNode mapping, string key) => mapping.Child(key) switch
    {
        null => [],
        YamlScalarNode scalar when IsNull(scalar) => [],
        YamlSequenceNode list => list.Select(item => item as YamlMappingNode
            ?? throw Invalid($"each of the kubeconfig's '{key}' has to be a mapping")),
        _ => throw Invalid($"the kubeconfig's '{key}' has to be a list"),
    };

    public static IReadOnlyList<string> Texts(this YamlMappingNode mapping, string key) => mapping.Child(key) switch
    {
        null => [],
        YamlScalarNode scalar when IsNull(scalar) => [],
        YamlSequenceNode list => [.. list.Select(item => (item as YamlScalarNode)?.Value
            ?? throw Invalid($"each of the kubeconfig's '{key}' has to be a text"))],
        _ => throw Invalid($"the kubeconfig's '{key}' has to be a list"),
    };

    /// <summary>Every member as a list of texts.</summary>
    public static Dictionary<string, IList<string>> TextLists(this YamlMappingNode mapping) => mapping.Children.Keys
        .Select(key => (key as YamlScalarNode)?.Value ?? throw Invalid("the kubeconfig has a mapping whose key is not a text"))
        .ToDictionary(key => key, key => (IList<string>)[.. mapping.Texts(key)], StringComparer.Ordinal);

    public static bool Has(this YamlMappingNode mapping, string key) =>
        mapping.Child(key) is { } child && !(child is YamlScalarNode scalar && IsNull(scalar));

    private static YamlNode? Child(this YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    public static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    // The model is built by recursion, which a deep text would overflow; the parser's events are not.
    private static void EnsureShallow(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current switch { MappingStart or SequenceStart => 1, MappingEnd or SequenceEnd => -1, _ => 0 };
            if (depth > MaxDepth)
            {
                throw Invalid($"the kubeconfig nests deeper than {MaxDepth} levels");
            }
        }
    }
}
