using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SchemaGate.Tests;

namespace SchemaGate.EndToEnd.Support;

/// <summary>A Prometheus of the test's own, with the product's alerts, that asks every second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly string directory;
    private readonly Process process;
    private readonly HttpClient client;

    private PrometheusProcess(string directory, Process process, Uri address)
    {
        (this.directory, this.process) = (directory, process);
        client = new() { BaseAddress = address };
    }

    /// <param name="targets">Whom it asks, as <c>host:port</c>.</param>
    public static async Task<PrometheusProcess> StartAsync(IEnumerable<string> targets)
    {
        string own = Directory.CreateTempSubdirectory("schemagate-").FullName;
        await File.WriteAllTextAsync(Path.Combine(own, "prometheus.yml"), $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{Path.Combine(TestEnvironment.Checkout, "charts/schemagate/files/alerts.yaml")}}" ]
            scrape_configs: [ { job_name: schemagate, static_configs: [ { targets: [ {{string.Join(", ", targets)}} ] } ] } ]
            """);
        string listen = $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}";
        Process started = Process.Start(
            TestEnvironment.Prometheus,
            [
                $"--config.file={own}/prometheus.yml", $"--storage.tsdb.path={own}/data", $"--web.listen-address={listen}",
                "--log.level=error",
            ]);
        PrometheusProcess prometheus = new(own, started, new($"http://{listen}"));
        await Eventually.TrueAsync(prometheus.IsReadyAsync, () => "Prometheus is ready");
        return prometheus;
    }

    /// <summary>The value of each series that a query finds now; what Prometheus says against it where it cannot be asked.</summary>
    public async Task<(IReadOnlyList<JsonElement> Series, string? Error)> QueryAsync(string query)
    {
        JsonElement answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return answer.GetProperty("status").GetString() == "success"
            ? ([.. answer.GetProperty("data").GetProperty("result").EnumerateArray()], null)
            : ([], answer.GetProperty("error").GetString());
    }

    /// <summary>The alerts, as Prometheus has last evaluated them.</summary>
    public async Task<IReadOnlyList<JsonElement>> AlertsAsync() =>
    [
        .. (await GetAsync("/api/v1/rules")).GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray()),
    ];

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        client.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            return false;
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
