using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Releasing;

/// <summary>What is published. Needs the binary, and no cluster.</summary>
public sealed class ReleaseTests(ReleaseFixture release)
{
    [Fact]
    public async Task The_same_binary_makes_the_same_bytes_and_the_checksums_are_theirs()
    {
        string first = await release.FolderAsync();
        DirectoryInfo second = Directory.CreateTempSubdirectory("schemagate-release-");
        // Another file, with another time, in another place.
        string copy = Path.Combine(second.FullName, "copy");
        File.Copy(TestEnvironment.Binary, copy);
        File.SetLastWriteTimeUtc(copy, DateTime.UnixEpoch);
        string again = Path.Combine(second.FullName, "again");
        await ReleaseFixture.BuildAsync(again, copy, 1_700_000_000);
        Assert.Equal(Files(first), Files(again), StringComparer.Ordinal);
        Assert.All(Files(first), file => Assert.True(
            File.ReadAllBytes(Path.Combine(first, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(again, file))), file));
        second.Delete(recursive: true);
        string listed = await TestEnvironment.RunAsync("env", ["--chdir", first, "sha256sum", "--check", "--strict", "SHA256SUMS"]);
        Assert.Equal(
            Files(first).Where(file => file != "SHA256SUMS").Select(file => $"{file}: OK"),
            listed.Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_archive_has_the_command_kubectl_s_completion_and_the_licences()
    {
        string[] lines = (await TestEnvironment.RunAsync(
            "tar", ["tvzf", Path.Combine(await release.FolderAsync(), ReleaseFixture.Archive)])).Split('\n');
        Assert.All(
            (string[])[
                "schemagate", "kubectl_complete-schemagate", "licenses/LICENSE", "licenses/NOTICE", "licenses/dotnet/LICENSE.txt",
                "licenses/dotnet/ThirdPartyNotices.txt", "licenses/libpg_query/copyright",
            ],
            // Nobody's file, of no particular time; krew unpacks files and directories, and no links.
            name => Assert.Single(lines, line => Regex.IsMatch(
                line, $"^-r[w-].r-.r-. 0/0 .* 2023-11-1[45] .* {Regex.Escape(name)}$", RegexOptions.NonBacktracking)));
    }

    [Fact]
    public async Task A_binary_of_another_version_is_not_published()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("schemagate-release-");
        string other = Path.Combine(folder.FullName, "schemagate");
        await File.WriteAllTextAsync(other, "#!/bin/sh\necho schemagate 99.0.0\n", TestContext.Current.CancellationToken);
        await TestEnvironment.RunAsync("chmod", ["+x", other]);
        (int code, _, string error) = await ReleaseFixture.TryBuildAsync(Path.Combine(folder.FullName, "out"), other);
        folder.Delete(recursive: true);
        Assert.Equal(1, code);
        Assert.Contains($"says that it is 99.0.0, and Directory.Build.props that this is {ReleaseFixture.Version}", error,
            StringComparison.Ordinal);
    }

    /// <summary>The rules of krew's own validation (pkg/index/validation), of what a manifest of ours can break.</summary>
    [Fact]
    public async Task Krew_takes_the_manifest()
    {
        string folder = await release.FolderAsync();
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "krew/schemagate.yaml"), TestContext.Current.CancellationToken);
        Assert.Equal("apiVersion: krew.googlecontainertools.github.com/v1alpha2", lines[0]);
        Assert.Equal("kind: Plugin", lines[1]);
        // The file is named by the plugin.
        Assert.Contains("  name: schemagate", lines, StringComparer.Ordinal);
        Assert.Contains($"  version: v{ReleaseFixture.Version}", lines, StringComparer.Ordinal);
        Assert.InRange(Value(lines, "  shortDescription:").Length, 1, 50);
        Assert.Contains($"        arch: {ReleaseFixture.Architecture}", lines, StringComparer.Ordinal);
        Assert.Equal($"{ReleaseFixture.Url}/{ReleaseFixture.Archive}", Value(lines, "    uri:"));
        Assert.Contains(
            $"{Value(lines, "    sha256:")}  {ReleaseFixture.Archive}",
            await File.ReadAllLinesAsync(Path.Combine(folder, "SHA256SUMS"), TestContext.Current.CancellationToken),
            StringComparer.Ordinal);
        Assert.Equal("schemagate", Value(lines, "    bin:"));
        Assert.DoesNotContain(lines, line => line.Contains('\t', StringComparison.Ordinal) || line.Length > 120);
    }

    [Fact]
    public async Task An_sbom_names_every_package_the_runtime_and_the_parser()
    {
        JsonNode sbom = await SbomAsync($"schemagate_{ReleaseFixture.Version}_linux_{ReleaseFixture.Architecture}");
        Assert.Equal("CycloneDX", (string)sbom["bomFormat"]!);
        Assert.Equal("2023-11-14T22:13:20Z", (string)sbom["metadata"]!["timestamp"]!);
        string[] packages = [.. Components(sbom)];
        // What the projects reference, and nothing that only builds.
        Assert.Equal(
            References().Order(StringComparer.Ordinal),
            packages.Where(purl => References().Any(name => purl.StartsWith($"pkg:nuget/{name}@", StringComparison.Ordinal)))
                .Select(purl => purl["pkg:nuget/".Length..].Split('@')[0]).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.DoesNotContain(packages, purl => purl.Contains("Analyzer", StringComparison.Ordinal));
        Assert.Single(packages, purl => purl.StartsWith("pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.", StringComparison.Ordinal));
        Assert.Single(packages, purl => Regex.IsMatch(purl, @"^pkg:github/pganalyze/libpg_query@\d+-\d+$", RegexOptions.NonBacktracking));
        Assert.All(sbom["components"]!.AsArray(), component => Assert.NotNull(component!["licenses"]));
    }

    [Fact]
    public async Task The_image_s_sbom_names_the_image_its_base_and_what_is_in_the_binary()
    {
        JsonNode sbom = await SbomAsync($"schemagate_{ReleaseFixture.Version}_image");
        string[] binary = [.. Components(await SbomAsync($"schemagate_{ReleaseFixture.Version}_linux_{ReleaseFixture.Architecture}"))];
        Assert.StartsWith("pkg:oci/schemagate@sha256%3A0123", (string)sbom["metadata"]!["component"]!["purl"]!, StringComparison.Ordinal);
        Assert.Subset(Components(sbom).ToHashSet(StringComparer.Ordinal), binary.ToHashSet(StringComparer.Ordinal));
        Assert.Single(Components(sbom), purl => purl.StartsWith("pkg:oci/runtime-deps?", StringComparison.Ordinal));
        Assert.Equal(ReleaseFixture.Image, (await File.ReadAllTextAsync(
            Path.Combine(await release.FolderAsync(), "image.txt"), TestContext.Current.CancellationToken)).TrimEnd());
    }

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static string Value(string[] lines, string key) =>
        Assert.Single(lines, line => line.StartsWith($"{key} ", StringComparison.Ordinal))[(key.Length + 1)..];

    private async Task<JsonNode> SbomAsync(string name) => JsonNode.Parse(await File.ReadAllTextAsync(
        Path.Combine(await release.FolderAsync(), "sbom", $"{name}.cdx.json"), TestContext.Current.CancellationToken))!;

    private static IEnumerable<string> Components(JsonNode sbom) =>
        sbom["components"]!.AsArray().Select(component => (string?)component!["purl"]).OfType<string>();

    /// <summary>The packages that the sources' projects name.</summary>
    private static HashSet<string> References() => Directory
        .EnumerateFiles(Path.Combine(TestEnvironment.Checkout, "src"), "*.csproj", SearchOption.AllDirectories)
        .SelectMany(file => Regex.Matches(
            File.ReadAllText(file), "<PackageReference Include=\"(?<name>[^\"]+)\" />", RegexOptions.NonBacktracking))
        .Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
}
