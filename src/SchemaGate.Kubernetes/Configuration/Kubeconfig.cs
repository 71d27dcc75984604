using YamlDotNet.RepresentationModel;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>
/// The clusters, users and contexts of one or several kubeconfig files. As in kubectl the first file that names an entry
/// has all of it, and the first current-context counts.
/// </summary>
internal sealed class Kubeconfig
{
    private readonly Dictionary<string, Entry> clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> contexts = new(StringComparer.Ordinal);
    private string? currentContext;

    public IEnumerable<string> Contexts => contexts.Keys.Order(StringComparer.Ordinal);

    public static Kubeconfig Load(IEnumerable<string> files)
    {
        var merged = new Kubeconfig();
        foreach (var file in files)
        {
            merged.Merge(YamlFile.Read(file), Path.GetDirectoryName(Path.GetFullPath(file)) ?? "");
        }

        return merged;
    }

    public void Merge(YamlMappingNode root, string directory)
    {
        currentContext ??= root.Text("current-context") is { Length: > 0 } name ? name : null;
        Collect(clusters, root, "clusters", "cluster", directory);
        Collect(users, root, "users", "user", directory);
        Collect(contexts, root, "contexts", "context", directory);
    }

    public KubernetesConfiguration Resolve(string? contextName)
    {
        contextName ??= currentContext
            ?? throw YamlFile.Invalid($"the kubeconfig has no current-context; name one of: {Names(contexts)}");
        var context = Find(contexts, contextName, "context").Content;
        var clusterName = context.Text("cluster") ?? throw YamlFile.Invalid($"context '{contextName}' names no cluster");
        var cluster = Find(clusters, clusterName, "cluster");
        var user = context.Text("user") is { Length: > 0 } userName ? Find(users, userName, "user") : new Entry([], "");
        return KubeconfigContext.ToConfiguration(context, cluster, user);
    }

    private static void Collect(Dictionary<string, Entry> entries, YamlMappingNode root, string list, string content, string directory)
    {
        foreach (var item in root.Mappings(list))
        {
            var name = item.Text("name") ?? throw YamlFile.Invalid($"one of the kubeconfig's '{list}' has no name");
            entries.TryAdd(name, new(item.Mapping(content), directory));
        }
    }

    private static Entry Find(Dictionary<string, Entry> entries, string name, string what) => entries.TryGetValue(name, out var entry)
        ? entry
        : throw YamlFile.Invalid($"the kubeconfig has no {what} '{name}'; it has: {Names(entries)}");

    private static string Names(Dictionary<string, Entry> entries) =>
        entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order(StringComparer.Ordinal));

    /// <summary>One entry, and the directory that its relative paths start from.</summary>
    internal readonly record struct Entry(YamlMappingNode Content, string Directory)
    {
        // Combine, not Join: an absolute path stays as it is.
        public string? PathOf(string key) => Content.Text(key) is { Length: > 0 } path ? Path.Combine(Directory, path) : null;
    }
}
