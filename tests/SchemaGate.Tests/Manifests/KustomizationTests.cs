using System.Text.Json.Nodes;

namespace SchemaGate.Tests.Manifests;

/// <summary>What <c>kubectl apply -k</c> takes. kubectl 1.20 brings kustomize 2.0.3, which takes folders as bases only.</summary>
public sealed class KustomizationTests
{
    public static TheoryData<string> Folders =>
        [.. Files().Select(file => Path.GetRelativePath(Manifest.Folder, Path.GetDirectoryName(file)!))];

    [Fact]
    public void Each_folder_that_is_applied_is_checked() => Assert.Equal(
        ["crd", "default", "demo/operator", "namespaced", "operator", "rbac", "webhook"], Folders.Select(row => row.Data)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Each_file_of_a_folder_is_listed(string folder)
    {
        JsonObject kustomization = Load(folder);
        IEnumerable<string> listed = Manifest.Texts(kustomization["resources"])
            .Concat(Manifest.Items(kustomization["patchesJson6902"]).Select(patch => patch!["path"]!.ToString()));
        IEnumerable<string> present = Directory.EnumerateFiles(Path.Combine(Manifest.Folder, folder))
            .Select(file => Path.GetFileName(file)!)
            .Where(file => !IsKustomization(file));
        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Each_base_is_a_folder_that_is_applied(string folder) => Assert.All(
        Manifest.Texts(Load(folder)["bases"]),
        part => Assert.Contains(Path.GetRelativePath(Manifest.Folder, Path.GetFullPath(
            Path.Combine(Manifest.Folder, folder, part))), Folders.Select(row => row.Data), StringComparer.Ordinal));

    [Theory]
    [InlineData("default")]
    [InlineData("namespaced")]
    public void The_definition_the_rights_the_operator_and_its_webhooks_go_together(string folder) =>
        Assert.Equal(["../crd", "../rbac", "../operator", "../webhook"], Manifest.Texts(Load(folder)["bases"]), StringComparer.Ordinal);

    [Fact]
    public void What_is_the_operator_s_is_in_its_namespace() => Assert.All(
        Manifest.All.Where(
            manifest => manifest.Content["metadata"]!["namespace"] is not null && Path.GetFileName(manifest.Path) != "namespace-shop.yaml"),
        manifest => Assert.Equal("schemagate-system", manifest.Content["metadata"]!["namespace"]!.ToString()));

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Manifest.Folder, "*", SearchOption.AllDirectories).Where(IsKustomization);

    private static bool IsKustomization(string path) => Path.GetFileName(path) is "kustomization.yaml" or "Kustomization";

    private static JsonObject Load(string folder) =>
        Assert.Single(Manifest.Read(Directory.EnumerateFiles(Path.Combine(Manifest.Folder, folder)).Single(IsKustomization))).Content;
}
