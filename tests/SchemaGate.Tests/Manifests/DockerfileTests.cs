namespace SchemaGate.Tests.Manifests;

/// <summary>The Dockerfile, against the projects that it builds.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"));

    [Fact]
    public void Each_project_is_restored_before_the_sources_are_copied() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
        After("COPY ").Select(words => words.Split(' ')[0]).Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
        StringComparer.Ordinal);

    [Fact]
    public void Each_base_image_is_an_argument() =>
        Assert.All(After("FROM "), words => Assert.Contains(words.Split(' '), word => word.EndsWith("_IMAGE}", StringComparison.Ordinal)));

    [Fact]
    public void Its_version_is_the_product_s()
    {
        string properties = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.All(
            After("ARG VERSION="),
            version => Assert.Contains($"<VersionPrefix>{version}</VersionPrefix>", properties, StringComparison.Ordinal));
    }

    [Fact]
    public void Its_user_is_a_number_and_not_root() => Assert.True(int.Parse(Assert.Single(After("USER ")).Split(':')[0], null) > 0);

    private static string[] After(string instruction) =>
        [.. s_lines.Where(line => line.StartsWith(instruction, StringComparison.Ordinal)).Select(line => line[instruction.Length..])];
}
