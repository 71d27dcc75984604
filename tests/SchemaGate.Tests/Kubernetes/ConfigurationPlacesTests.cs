using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Tests.Kubernetes;

public sealed class ConfigurationPlacesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("places").FullName;
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("10.0.0.1", "443", "https://10.0.0.1/")]
    [InlineData("fd00::1", "6443", "https://[fd00::1]:6443/")]
    public void A_pod_finds_its_server_token_and_namespace(string host, string port, string server)
    {
        Pod(host, port);
        var found = Load();
        Assert.Equal((server, "shop"), (found.Server.AbsoluteUri, found.Namespace));
        Assert.Equal((Path.Join(directory, "token"), Path.Join(directory, "ca.crt")), (found.TokenFile, found.CertificateAuthorityFile));
        Assert.Single(found.CertificateAuthorities);
    }

    [Fact]
    public void A_named_kubeconfig_goes_before_the_pod_and_the_pod_before_the_users()
    {
        Kubeconfig(".kube/config", "https://home");
        Assert.Equal("https://home/", Load().Server.AbsoluteUri);
        Pod("10.0.0.1", "443");
        Assert.Equal("https://10.0.0.1/", Load().Server.AbsoluteUri);
        Assert.Equal("https://home/", Load(context: "x").Server.AbsoluteUri);
        variables["KUBECONFIG"] = Kubeconfig("named", "https://variable");
        Assert.Equal("https://variable/", Load().Server.AbsoluteUri);
        Assert.Equal("https://argument/", Load(Kubeconfig("argument", "https://argument")).Server.AbsoluteUri);
    }

    [Fact]
    public void A_kubeconfig_that_is_named_and_missing_is_not_replaced_by_another_cluster()
    {
        Pod("10.0.0.1", "443");
        variables["KUBECONFIG"] = "/nowhere/config";
        Assert.Contains("/nowhere/config not found", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_found_all_that_was_tried_is_said()
    {
        Assert.Equal($"no way to a cluster is configured: no kubeconfig is named, KUBECONFIG is not set, KUBERNETES_SERVICE_HOST and "
            + $"KUBERNETES_SERVICE_PORT are not set, so this is not a pod, and {directory}/.kube/config does not exist", Refused());
        variables["KUBERNETES_SERVICE_HOST"] = variables["KUBERNETES_SERVICE_PORT"] = "1";
        Assert.Contains($"this pod has no {directory}/token (is automountServiceAccountToken off?)", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_with_a_broken_authority_is_refused_in_words()
    {
        Pod("10.0.0.1", "443");
        File.WriteAllText(Path.Join(directory, "ca.crt"), "nonsense");
        Assert.Contains("ca.crt holds no certificate in PEM", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotated_file_is_read_again_after_ten_seconds_or_at_once_when_asked()
    {
        var time = new ManualTime();
        var path = Path.Join(directory, "rotated");
        var file = new RotatedFile(path, 100, time);
        Assert.Throws<KubernetesException>(() => file.Text());
        File.WriteAllText(path, "a");
        Assert.Equal("a", file.Text());
        File.WriteAllText(path, "b");
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("a", file.Text());
        Assert.Equal("b", file.Text(now: true));
        File.WriteAllText(path, "c");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("c", file.Text());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void While_a_rotated_file_cannot_be_read_what_was_read_last_counts(string? content)
    {
        var path = Path.Join(directory, "rotated");
        var file = new RotatedFile(path, 100, TimeProvider.System);
        File.WriteAllText(path, "a");
        Assert.Equal("a", file.Text());
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.Equal("a", file.Text(now: true));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private KubernetesConfiguration Load(string? path = null, string? context = null) =>
        new ConfigurationPlaces(variables.GetValueOrDefault, directory, directory).Load(path, context);

    private string Refused() => Assert.Throws<KubernetesException>(() => Load()).Message;

    private void Pod(string host, string port)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (variables["KUBERNETES_SERVICE_HOST"], variables["KUBERNETES_SERVICE_PORT"]) = (host, port);
        File.WriteAllText(Path.Join(directory, "token"), "abc");
        File.WriteAllText(Path.Join(directory, "ca.crt"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Join(directory, "namespace"), "shop\n");
    }

    private string Kubeconfig(string name, string server)
    {
        var path = Path.Join(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""
            current-context: x
            clusters: [ { name: c, cluster: { server: "{{server}}" } } ]
            contexts: [ { name: x, context: { cluster: c } } ]
            """);
        return path;
    }
}
