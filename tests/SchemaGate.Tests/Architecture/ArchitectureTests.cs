using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SchemaGate.Tests.Architecture;

/// <summary>The sources against the house rules: which part may import which, how long a file is, what it may be called.</summary>
public sealed class ArchitectureTests
{
    private static readonly string s_sources = Path.Combine(Repository.Root, "src");
    private static readonly string[] s_bannedWords =
    [
        "Helper", "Helpers", "Util", "Utils", "Manager", "Service", "Services", "Base", "Common", "Abstractions",
    ];

    /// <summary>
    /// Part (its folder below src, the longest counts) → the namespaces that it may import besides its own and those of the base class
    /// library.
    /// </summary>
    private static readonly Dictionary<string, string[]> s_imports = new(StringComparer.Ordinal)
    {
        ["SchemaGate.Core"] = ["Markdig", "SchemaGate.Core", "!SchemaGate.Core.Gates"],
        ["SchemaGate.Core/Gates"] = ["SchemaGate.Core"],
        ["SchemaGate.Postgres"] = ["SchemaGate.Core", "Npgsql"],
        ["SchemaGate.Oci"] = ["ZstdSharp"],
        ["SchemaGate.Kubernetes"] = ["k8s", "YamlDotNet"],
        ["SchemaGate/Api"] = [
            "SchemaGate.Core.Databases", "SchemaGate.Core.Gates", "SchemaGate.Core.Migrations", "SchemaGate.Core.Rehearsals",
            "SchemaGate.Kubernetes", "k8s.Models",
        ],
        ["SchemaGate/Evidence"] = ["SchemaGate.Core", "SchemaGate.Oci", "SchemaGate.Postgres", "SchemaGate.Telemetry"],
        ["SchemaGate/Notifying"] = ["SchemaGate.Core.Gates", "SchemaGate.Oci"],
        ["SchemaGate/Operator"] = [
            "SchemaGate.Api", "SchemaGate.Evidence", "SchemaGate.Notifying", "SchemaGate.Core", "SchemaGate.Kubernetes", "SchemaGate.Pages",
            "SchemaGate.Telemetry", "k8s.Models",
        ],
        ["SchemaGate/Operator/OperatorCommand.cs"] = [
            "System.CommandLine", "SchemaGate.Api", "SchemaGate.Evidence", "SchemaGate.Kubernetes",
        ],
        ["SchemaGate/Pages"] = ["SchemaGate.Api", "SchemaGate.Core"],
        ["SchemaGate/Cli"] = [
            "System.CommandLine", "SchemaGate.Evidence", "SchemaGate.Core", "SchemaGate.Postgres", "SchemaGate.Api",
            "SchemaGate.Kubernetes", "SchemaGate.Telemetry", "SchemaGate.Pages", "k8s.Models", "Spectre.Console",
        ],
        ["SchemaGate/Telemetry"] = ["OpenTelemetry"],
        ["SchemaGate/Program.cs"] = ["System.CommandLine", "SchemaGate.Operator", "SchemaGate.Cli"],
        ["SchemaGate"] = [],
    };

    private static readonly Dictionary<string, string> s_references = new(StringComparer.Ordinal)
    {
        ["SchemaGate.Core"] = "Markdig",
        ["SchemaGate.Postgres"] = "Npgsql SchemaGate.Core",
        ["SchemaGate.Oci"] = "ZstdSharp.Port",
        ["SchemaGate.Kubernetes"] = "KubernetesClient.Aot YamlDotNet",
        ["SchemaGate"] = "OpenTelemetry.Exporter.OpenTelemetryProtocol OpenTelemetry.Exporter.Prometheus.AspNetCore "
            + "OpenTelemetry.Extensions.Hosting Spectre.Console System.CommandLine "
            + "SchemaGate.Core SchemaGate.Kubernetes SchemaGate.Oci SchemaGate.Postgres",
    };

    public static TheoryData<string> Files => [.. Sources(s_sources)];

    public static TheoryData<string> Projects => [.. s_references.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_imports_only_what_its_part_may(string file) =>
        Assert.Empty(Forbidden(file, File.ReadAllText(Path.Combine(s_sources, file))));

    [Theory]
    [InlineData("SchemaGate.Core/Changelogs/X.cs", "using SchemaGate.Core.Gates;", "SchemaGate.Core.Gates")]
    [InlineData("SchemaGate.Core/Changelogs/X.cs", "var gate = SchemaGate.Core.Gates.Verdict.Open;", "SchemaGate.Core.Gates.Verdict.Open")]
    [InlineData("SchemaGate.Core/Gates/X.cs", "using Markdig;", "Markdig")]
    [InlineData("SchemaGate.Oci/X.cs", "using SchemaGate.Core;", "SchemaGate.Core")]
    [InlineData("SchemaGate.Kubernetes/X.cs", "using static SchemaGate.Core.Gates.Reasons;", "SchemaGate.Core.Gates.Reasons")]
    [InlineData("SchemaGate/Api/X.cs", "using SchemaGate.Core.Changelogs;", "SchemaGate.Core.Changelogs")]
    [InlineData("SchemaGate/Evidence/X.cs", "using SchemaGate.Kubernetes;", "SchemaGate.Kubernetes")]
    [InlineData("SchemaGate/Evidence/X.cs", "using N = Npgsql.NpgsqlConnection;", "Npgsql.NpgsqlConnection")]
    [InlineData("SchemaGate/Operator/X.cs", "using SchemaGate.Oci;", "SchemaGate.Oci")]
    [InlineData("SchemaGate/Operator/X.cs", "using k8s;", "k8s")]
    [InlineData("SchemaGate/Evidence/X.cs", "k8s.Models.V1Secret secret;", "k8s.Models.V1Secret")]
    [InlineData("SchemaGate/Operator/X.cs", "using System.CommandLine;", "System.CommandLine")]
    [InlineData("SchemaGate/Operator/X.cs", "using OpenTelemetry.Trace;", "OpenTelemetry.Trace")]
    [InlineData("SchemaGate/Telemetry/X.cs", "using SchemaGate.Core;", "SchemaGate.Core")]
    public void An_import_that_a_part_may_not_have_is_found(string file, string line, string found) =>
        Assert.Equal([found], Forbidden(file, line));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project)
    {
        IEnumerable<string> references = XDocument.Load(Path.Combine(s_sources, project, $"{project}.csproj")).Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference"
                && (string?)element.Attribute("PrivateAssets") != "all")
            .Select(element => Path.GetFileName((string)element.Attribute("Include")!).Replace(".csproj", "", StringComparison.Ordinal));
        Assert.Equal(s_references[project].Split(' ', StringSplitOptions.RemoveEmptyEntries), references, StringComparer.Ordinal);
    }

    [Fact]
    public void Every_project_has_its_rules() =>
        Assert.Equal(
            Directory.EnumerateDirectories(s_sources).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            s_references.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_says_what_it_is(string project) =>
        Assert.True(File.Exists(Path.Combine(s_sources, project, "README.md")), $"{project} has no README.md");

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_short_enough_to_be_read(string file) =>
        Assert.InRange(File.ReadLines(Path.Combine(s_sources, file)).Count(), 1, 300);

    [Fact]
    public void A_line_is_at_most_140_columns() => Assert.Empty(
        from folder in (string[])["src", "tests"]
        from file in Sources(Path.Combine(Repository.Root, folder))
        from line in File.ReadLines(Path.Combine(Repository.Root, folder, file)).Index()
        where line.Item.Length > 140
        select $"{folder}/{file}:{line.Index + 1}");

    /// <summary>Seen line by line; a reviewer sees the rest.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_condition_has_no_condition_within(string file) => Assert.DoesNotContain(
        File.ReadLines(Path.Combine(s_sources, file)),
        line => Regex.IsMatch(line, @"^ *: .* \? | \? .* \? ", RegexOptions.NonBacktracking)
            && !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_named_for_what_it_is(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        Assert.DoesNotContain(s_bannedWords, word => name.EndsWith(word, StringComparison.Ordinal));
        Assert.DoesNotContain(Regex.Matches(
            File.ReadAllText(Path.Combine(s_sources, file)),
            @"\b(class|record|struct|interface|enum) (struct )?(?<name>\w+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)
            .SelectMany(
                match => s_bannedWords.Where(word => match.Groups["name"].Value.EndsWith(word, StringComparison.Ordinal))), _ => true);
    }

    private static IEnumerable<string> Sources(string directory) => Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(directory, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>What a source imports, or names in full, and may not.</summary>
    private static List<string> Forbidden(string file, string source)
    {
        string part = s_imports.Keys.Where(part => file == part || file.StartsWith($"{part}/", StringComparison.Ordinal))
            .MaxBy(part => part.Length)!;
        string[] folders = file.Split('/');
        string own = folders[0] != "SchemaGate" ? folders[0] : folders.Length > 2 ? $"SchemaGate.{folders[1]}" : "SchemaGate.Program";
        string code = string.Join('\n', source.Split('\n').Where(line =>
            !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)));
        return [.. Regex.Matches(
            code,
            // What begins a string is no import: OpenTelemetry has names like k8s.namespace.name.
            @"(?<![.""])\b(?:SchemaGate|k8s|Npgsql|Markdig|YamlDotNet|ZstdSharp|OpenTelemetry|Spectre|System\.CommandLine)"
            + @"(?:\.[A-Z]\w*)*(?=[^\w""])",
            RegexOptions.None,
            TimeSpan.FromSeconds(5))
            .Select(match => match.Value)
            .Where(name => name != "SchemaGate" && (!IsIn(name, own) || own == "SchemaGate.Core"))
            .Where(name => !s_imports[part].Any(allowed => IsIn(name, allowed))
                || s_imports[part].Any(allowed => allowed[0] == '!' && IsIn(name, allowed[1..])))
            .Distinct(StringComparer.Ordinal)];
    }

    private static bool IsIn(string name, string parent) => name == parent || name.StartsWith($"{parent}.", StringComparison.Ordinal);
}
