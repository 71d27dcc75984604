using System.Text.Json.Nodes;
using SchemaGate.Tests.Manifests;

namespace SchemaGate.Tests.Charts;

/// <summary>What the chart has of others.</summary>
public sealed class ChartFileTests
{
    private static readonly string s_chart = Path.Combine(Repository.Root, "charts/schemagate");
    private static readonly string s_copies = Path.Combine(s_chart, "files/config");

    public static TheoryData<string> Copies =>
        [.. Directory.EnumerateFiles(s_copies, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(s_copies, path))];

    /// <summary>A package cannot contain what lies outside its folder. SCHEMAGATE_TEST_REWRITE=1 copies it again.</summary>
    [Theory]
    [MemberData(nameof(Copies))]
    public void It_has_the_manifests_of_config_as_they_are(string file) =>
        Golden.Same(Path.Combine(s_copies, file), File.ReadAllText(Path.Combine(Manifest.Folder, file)));

    [Fact]
    public void It_has_every_manifest_of_config_whose_content_it_does_not_choose() => Assert.Superset(
        new HashSet<string>(
            ((string[])["crd", "webhook", "rbac"])
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Manifest.Folder, folder), "*.yaml"))
                .Select(path => Path.GetRelativePath(Manifest.Folder, path))
                .Where(path => Path.GetFileName(path) is not ("kustomization.yaml" or "service-account.yaml")), StringComparer.Ordinal),
        new HashSet<string>(Copies.Select(row => row.Data), StringComparer.Ordinal));

    [Fact]
    public void The_sample_of_a_network_policy_lets_in_whom_the_chart_s_ports_are_for()
    {
        JsonNode policy = Yaml.ToJson(Yaml.Load(Path.Combine(Manifest.Folder, "optional/network-policy.yaml")))!;
        JsonNode values = Yaml.ToJson(Yaml.Load(Path.Combine(s_chart, "values.yaml")))!;
        Assert.Equal(
            ((JsonNode?[])[values["ports"]!["webhook"], values["ports"]!["health"], values["metrics"]!["port"], values["pages"]!["port"]])
                .Select(port => (long?)port),
            policy["spec"]!["ingress"]!.AsArray().SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (long?)port!["port"]));
    }

    [Fact]
    public void Its_version_is_the_product_s()
    {
        string properties = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        JsonNode chart = Yaml.ToJson(Yaml.Load(Path.Combine(s_chart, "Chart.yaml")))!;
        foreach (string member in (string[])["version", "appVersion"])
        {
            Assert.Contains($"<VersionPrefix>{chart[member]}</VersionPrefix>", properties, StringComparison.Ordinal);
        }

        Assert.Contains(
            $"image: registry.example.com/schemagate:{chart["version"]}", chart["annotations"]!["artifacthub.io/images"]!.ToString(),
            StringComparison.Ordinal);
    }
}
