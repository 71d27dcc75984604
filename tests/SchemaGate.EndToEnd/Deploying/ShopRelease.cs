using System.Text.Json;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Deploying;

/// <summary>A shop that a real Helm installs from a chart.</summary>
/// <param name="shop">Its namespace, database and images.</param>
/// <param name="helm">Helm's version.</param>
internal sealed class ShopRelease(Shop shop, string helm) : IDisposable
{
    public const string Oldest = "3.17";
    public const string Newest = "4.1";

    private static readonly string Chart = Path.Combine(TestEnvironment.Checkout, "tests/SchemaGate.EndToEnd/Deploying/chart");

    /// <summary>Nothing of whoever runs the tests is read, and nothing is left with them.</summary>
    private readonly string home = Directory.CreateTempSubdirectory("schemagate-").FullName;

    /// <summary>Whether the gate is in the chart; else a pipeline applies it before.</summary>
    public bool HasGate { get; init; } = true;

    /// <summary>More of the chart's values, as <c>--set</c> has them.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public void Dispose() => Directory.Delete(home, recursive: true);

    /// <summary>Version 1, whose pods run when Helm says so.</summary>
    public async Task InstallAsync()
    {
        await DeploysAsync(UpgradeAsync("1", "--wait", "--timeout", "3m"));
        await RunsNowAsync("1");
    }

    /// <summary><c>helm upgrade --install</c>, for as long as it takes.</summary>
    /// <param name="version">The application's image and its schema.</param>
    /// <param name="options">Last, so that they may say otherwise.</param>
    public async Task<(int Code, string Output, string Error)> UpgradeAsync(string version, params string[] options)
    {
        if (!HasGate)
        {
            await shop.ApplyGateAsync(version);
        }

        string[] values = [$"gate.enabled={(HasGate ? "true" : "false")}", .. Values];
        return await HelmAsync(
        [
            "upgrade", "--install", "shop", Chart, .. values.SelectMany(value => (string[])["--set", value]),
            "--set-string", $"image={TestEnvironment.Registry}/app:v{version}", "--set-string", $"schema={shop.Images.Reference(version)}",
            .. options,
        ]);
    }

    /// <summary>To version 1, which nobody has to be asked about.</summary>
    public async Task RollBackAsync()
    {
        await DeploysAsync(HelmAsync(["rollback", "shop", "1", "--wait", "--timeout", "1m"]));
        await shop.RunsAsync("1", 2);
    }

    /// <summary>Asserts that Helm ends well and says deployed.</summary>
    public async Task DeploysAsync(Task<(int Code, string Output, string Error)> running)
    {
        (int code, string output, string error) = await running;
        Assert.True(code == 0, $"helm {helm} exited with {code}: {error}{output}");
        Assert.Equal("deployed", await StatusAsync());
    }

    /// <summary>Asserts that Helm gives up because its time is over.</summary>
    public async Task GivesUpAsync(Task<(int Code, string Output, string Error)> running)
    {
        (int code, string output, string error) = await running;
        Assert.True(code != 0 && error.Contains("deadline", StringComparison.Ordinal), $"helm {helm} exited with {code}: {error}{output}");
    }

    /// <summary>Asserts that this version's pods are all ready already.</summary>
    public async Task RunsNowAsync(string version) => Assert.Equal(
        2,
        (await shop.LivePodsAsync()).Count(pod => pod.Tag() == $"v{version}" && pod.IsReady()));

    /// <summary>What Helm says about its newest revision: deployed, failed, pending-upgrade.</summary>
    public async Task<string> StatusAsync()
    {
        (int code, string output, string error) = await HelmAsync(["status", "shop", "--output", "json"]);
        Assert.True(code == 0, error);
        using JsonDocument status = JsonDocument.Parse(output);
        return status.RootElement.GetProperty("info").GetProperty("status").GetString()!;
    }

    private Task<(int Code, string Output, string Error)> HelmAsync(IReadOnlyList<string> arguments) => TestEnvironment.TryAsync(
        "env",
        [
            $"HELM_CACHE_HOME={home}", $"HELM_CONFIG_HOME={home}", $"HELM_DATA_HOME={home}",
            Path.Combine(TestEnvironment.DeployTools, $"helm-{helm}", "helm"), "--namespace", shop.Namespace, .. arguments,
        ]);
}
