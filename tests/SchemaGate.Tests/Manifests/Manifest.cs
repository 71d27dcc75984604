using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Manifests;

/// <summary>One object of a file below config.</summary>
internal sealed record Manifest(string Path, JsonObject Content)
{
    public static string Folder { get; } = System.IO.Path.Combine(Repository.Root, "config");

    /// <summary>Every object that is applied to a cluster: not the demo's own, which are templates of an application.</summary>
    public static IReadOnlyList<Manifest> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(System.IO.Path.Combine(Folder, "demo"), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).SelectMany(Read).Where(manifest => manifest.Content["kind"] is not null)];

    public string Kind => Content["kind"]!.ToString();

    public string Name => Content["metadata"]!["name"]!.ToString();

    public static IEnumerable<Manifest> OfKind(params string[] kinds) =>
        All.Where(manifest => kinds.Contains(manifest.Kind, StringComparer.Ordinal));

    public static JsonArray Items(JsonNode? node) => node as JsonArray ?? [];

    public static IEnumerable<string> Texts(JsonNode? node) => Items(node).Select(item => item!.ToString());

    /// <summary>The documents of a file; a patch, which is a list, as the member "patch" of an object.</summary>
    public static IEnumerable<Manifest> Read(string path)
    {
        using StreamReader reader = new(path);
        YamlStream stream = [];
        stream.Load(reader);
        return [.. stream.Documents.Select(document => new Manifest(path, Yaml.ToJson(document.RootNode) switch
        {
            JsonObject content => content,
            var patch => new() { ["patch"] = patch },
        }))];
    }

    public override string ToString() => $"{System.IO.Path.GetRelativePath(Folder, Path)}: {Kind} {Name}";
}
