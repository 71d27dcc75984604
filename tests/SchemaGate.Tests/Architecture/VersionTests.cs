using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaGate.Tests.Architecture;

/// <summary>The product's version is in one place; whoever else must name it names that one.</summary>
public sealed class VersionTests
{
    private static readonly string s_version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"))
        .Descendants("VersionPrefix").Single().Value;

    [Theory]
    [InlineData("Dockerfile", "^ARG VERSION=(.+)$")]
    [InlineData("README.md", @"/schemagate:(\d[\d.]*\d)")]
    [InlineData("docs/pipelines.md", @"(?:schemagate@|SCHEMAGATE_VERSION: )(\d[\d.]*\d)")]
    [InlineData("docs/cli.md", "schemagate_(.+)_linux_amd64")]
    [InlineData("config/release/README.md", "/schemagate/([^ ]+) --image")]
    [InlineData("config/README.md", @"/schemagate:(\d[\d.]*\d)")]
    [InlineData("config/default/kustomization.yaml", "newTag: (.+)$")]
    [InlineData("config/namespaced/kustomization.yaml", "newTag: (.+)$")]
    public void Whoever_names_the_version_names_this_one(string file, string pattern)
    {
        MatchCollection named = Matches(file, pattern);
        Assert.NotEmpty(named);
        Assert.All(named, match => Assert.Equal(s_version, match.Groups[1].Value));
    }

    /// <summary>A chart's versions are its own file's.</summary>
    [Fact]
    public void The_chart_is_of_this_version()
    {
        if (File.Exists(Path.Combine(Repository.Root, "charts/schemagate/Chart.yaml")))
        {
            Assert.All(
                Matches("charts/schemagate/Chart.yaml", "^(?:version|appVersion): *\"?([^\"\n]+)"),
                match => Assert.Equal(s_version, match.Groups[1].Value));
        }
    }

    [Fact]
    public void The_command_says_so() => Assert.Equal(s_version, ProductVersion.Text.Split('+')[0]);

    private static MatchCollection Matches(string file, string pattern) => Regex.Matches(
        File.ReadAllText(Path.Combine(Repository.Root, file)), pattern, RegexOptions.Multiline, TimeSpan.FromSeconds(5));
}
