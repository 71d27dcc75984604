using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaGate.Benchmarks.Cluster;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Benchmarks.Admitting;

/// <summary>
/// Writes workloads for the API server to admit and not to keep, so that the operator has nothing else to do meanwhile.
/// </summary>
internal sealed class DryRun : IDisposable
{
    private readonly HttpClient http;

    public DryRun(OwnCluster cluster)
    {
        X509ChainPolicy trust = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(cluster.AuthorityPath);
        http = new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust } }) { BaseAddress = cluster.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
    }

    public Task<double> ScaleAsync(ObjectKey key, int replicas) =>
        SendAsync(
            HttpMethod.Patch,
            $"{Objects.Path("Deployment", key.Namespace)}/{key.Name}",
            $$"""{ "spec": { "replicas": {{replicas}} } }""",
            "application/merge-patch+json");

    /// <param name="kind">Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or Pod.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="requires">What it requires; null for one that is not gated.</param>
    public Task<double> CreateAsync(string kind, ObjectKey key, string? requires) =>
        SendAsync(HttpMethod.Post, Objects.Path(kind, key.Namespace), Objects.Json(kind, key, requires), "application/json");

    public void Dispose() => http.Dispose();

    /// <returns>Milliseconds.</returns>
    private async Task<double> SendAsync(HttpMethod method, string path, string body, string type)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpRequestMessage request = new(method, $"{path}?dryRun=All")
        {
            Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)),
        };
        using HttpResponseMessage response = await http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return response.IsSuccessStatusCode ? milliseconds : throw new InvalidOperationException($"{method} {path}: {answer}");
    }
}
