using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Charts;

/// <summary>A real Helm and the product's chart.</summary>
/// <param name="version">Helm's.</param>
internal sealed class Helm(string version) : IDisposable
{
    public const string Oldest = "3.17";
    public const string Newest = "4.1";
    public const string Release = "schemagate";

    public static string Chart { get; } = Path.Combine(TestEnvironment.Checkout, "charts/schemagate");

    /// <summary>Nothing of whoever runs the tests is read, and nothing is left with them.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public void Dispose() => Directory.Delete(Home, recursive: true);

    public async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output, string error) = await TryAsync(arguments);
        Assert.True(code == 0, $"helm {version} {string.Join(' ', arguments)} exited with {code}: {error}{output}");
        return output;
    }

    public Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments) => TestEnvironment.TryAsync(
        "env",
        [
            $"HELM_CACHE_HOME={Home}", $"HELM_CONFIG_HOME={Home}", $"HELM_DATA_HOME={Home}",
            Path.Combine(TestEnvironment.DeployTools, $"helm-{version}", "helm"), "--namespace", OperatorFixture.Namespace, .. arguments,
        ]);

    /// <summary>What the chart makes of these values, without a cluster.</summary>
    public async Task<IReadOnlyList<RenderedObject>> RenderAsync(params string[] values) =>
        RenderedObject.Read(await RunAsync(Template(values)));

    /// <param name="values">As <c>--set</c> has them; what begins with <c>--</c> is an option.</param>
    public static string[] Template(params string[] values) =>
        ["template", Release, Chart, .. values.SelectMany(value => value.StartsWith("--", StringComparison.Ordinal)
            ? value.Split(' ')
            : ["--set", value])];
}
