using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaGate.Kubernetes;
using SchemaGate.Kubernetes.Configuration;

namespace SchemaGate.Tests.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("kubeconfig").FullName;

    [Fact]
    public void The_current_context_gives_server_namespace_and_token()
    {
        var read = Read(Config("server: https://one:6443/prefix", "token: abc", context: "namespace: shop"));
        Assert.Equal(new Uri("https://one:6443/prefix"), read.Server);
        Assert.Equal(("shop", "abc"), (read.Namespace, read.Token));
    }

    [Fact]
    public void A_named_context_goes_before_the_current_one()
    {
        var text = Config("server: https://one", "token: abc") + "- { name: other, context: { cluster: c, namespace: elsewhere } }\n";
        var read = KubernetesConfiguration.FromKubeconfig(Written("config", text), "other");
        Assert.Equal(("elsewhere", (string?)null), (read.Namespace, read.Token));
    }

    [Fact]
    public void Of_several_files_the_first_that_names_an_entry_has_all_of_it()
    {
        var first = Written("first", "current-context: x\nusers: [ { name: u, user: { token: first } } ]");
        var second = Written("second", Config("server: https://two", "tokenFile: never", context: "namespace: b"));
        var read = Kubeconfig.Load([first, second]).Resolve(null);
        Assert.Equal(("first", (string?)null, "b"), (read.Token, read.TokenFile, read.Namespace));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Client_certificates_come_from_data_and_from_files_beside_the_kubeconfig(bool elliptic)
    {
        var (certificate, key) = Issue(elliptic);
        Written("client.crt", certificate);
        Written("client.key", key);
        var files = Read(Config(
            "server: https://one\n    certificate-authority: client.crt",
            "client-certificate: client.crt\n    client-key: client.key"));
        var data = Read(Config($"server: https://one\n    certificate-authority-data: {Base64(certificate)}",
            $"client-certificate-data: {Base64(certificate)}\n    client-key-data: {Base64(key)}"));
        Assert.All([files, data], read => Assert.True(read.ClientCertificate!.HasPrivateKey));
        Assert.Equal(files.CertificateAuthorities[0].Thumbprint, data.CertificateAuthorities[0].Thumbprint);
    }

    [Fact]
    public void A_token_file_is_relative_to_the_kubeconfig() =>
        Assert.Equal(Path.Join(directory, "secrets/token"), Read(Config("server: https://one", "tokenFile: secrets/token")).TokenFile);

    [Fact]
    public void Another_identity_is_asked_for_in_whole()
    {
        var read = Read(Config(
            "server: https://one",
            "as: jane\n    as-uid: u1\n    as-groups: [ dev, ops ]\n    as-user-extra: { scopes: [ view ] }"));
        Assert.Equal(
            ("jane", "u1", "dev ops"),
            (read.Impersonated!.Username, read.Impersonated.Uid, string.Join(' ', read.Impersonated.Groups)));
        Assert.Equal(["view"], read.Impersonated.Extra["scopes"]);
    }

    [Theory]
    [InlineData("server: https://one", "exec: { command: aws }", "exec has apiVersion ''")]
    [InlineData("server: https://one", "exec: { apiVersion: client.authentication.k8s.io/v1 }", "exec has no command")]
    [InlineData("server: https://one", "token: abc\n    exec: { apiVersion: client.authentication.k8s.io/v1, command: a }", "remove one")]
    [InlineData("server: https://one", "auth-provider: { name: gcp }", "'auth-provider', which is not supported")]
    [InlineData("server: https://one", "username: me", "'username', which is not supported")]
    [InlineData("server: https://one", "as-groups: [ a ]", "without 'as'")]
    [InlineData("server: https://one", "as: somebody\n    as-user-extra: { a: b }", "'a' has to be a list")]
    [InlineData("server: https://one", "client-certificate-data: YWJj", "client-certificate and client-key together")]
    [InlineData(
        "server: https://one",
        "client-certificate-data: YWJj\n    client-key-data: YWJj",
        "client-certificate holds no certificate")]
    [InlineData("server: https://one", "client-certificate-data: '!'\n    client-key-data: YWJj", "client-certificate-data is not base64")]
    [InlineData("server: https://one", "client-certificate: missing\n    client-key: missing", "missing cannot be read")]
    [InlineData("server: one:6443", "token: abc", "server is not an http or https URL")]
    [InlineData("{}", "token: abc", "server")]
    [InlineData("server: [ a ]", "token: abc", "'server' has to be a text")]
    [InlineData("server: https://one\n    insecure-skip-tls-verify: perhaps", "token: abc", "has to be true or false")]
    public void What_cannot_be_used_is_refused_in_words(string cluster, string user, string words)
    {
        var refused = Assert.Throws<KubernetesException>(() => Read(Config(cluster, user)));
        Assert.Equal(StatusReason.InvalidConfiguration, refused.Reason);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_and_no_verification_contradict_each_other()
    {
        var cluster
            = $"server: https://one\n    insecure-skip-tls-verify: true\n    certificate-authority-data: {Base64(Issue(true).Certificate)}";
        Assert.Contains("remove one", Refused(Config(cluster, "token: abc")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_the_certificates_is_refused_without_its_text()
    {
        var user = $"client-certificate-data: {Base64(Issue(true).Certificate)}\n    client-key-data: {Base64(Issue(true).Key)}";
        Assert.Contains(
            "not that of the kubeconfig's client-certificate",
            Refused(Config("server: https://one", user)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "has no current-context; name one of: none")]
    [InlineData("current-context: x", "has no context 'x'; it has: none")]
    [InlineData("current-context: x\ncontexts: [ { name: x, context: { cluster: gone } } ]", "has no cluster 'gone'")]
    [InlineData("- a list", "its top level is not a mapping")]
    [InlineData("a: [", "is not valid YAML at line")]
    [InlineData("users: 5", "'users' has to be a list")]
    public void A_kubeconfig_that_leads_nowhere_says_where_it_ends(string text, string words) =>
        Assert.Contains(words, Refused(text), StringComparison.Ordinal);

    [Fact]
    public void Broken_yaml_is_not_quoted() =>
        Assert.DoesNotContain("s3cret", Refused("users: [ { name: u, user: { token: \"s3cret } } ]"), StringComparison.Ordinal);

    [Fact]
    public void A_text_that_nests_without_end_does_not_overflow_the_stack() =>
        Assert.Contains("nests deeper", Refused(new string('[', 200_000)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_kubeconfig_by_its_size_is_refused() =>
        Assert.Contains("larger than 1024 KiB", Refused(new string('#', (1 << 20) + 1)), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(
            "nowhere",
            Assert.Throws<KubernetesException>(() => KubernetesConfiguration.FromKubeconfig("/nowhere")).Message,
            StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private KubernetesConfiguration Read(string text) => KubernetesConfiguration.FromKubeconfig(Written("config", text));

    private string Refused(string text) => Assert.Throws<KubernetesException>(() => Read(text)).Message;

    private string Written(string name, string text)
    {
        var path = Path.Join(directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string cluster, string user, string context = "") => $"""
        current-context: x
        clusters:
        - name: c
          cluster:
            {cluster}
        users:
        - name: u
          user:
            {user}
        contexts:
        - name: x
          context:
            cluster: c
            user: u
            {context}

        """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static (string Certificate, string Key) Issue(bool elliptic)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var request = elliptic
            ? new CertificateRequest("CN=test", ec, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem(), elliptic ? ec.ExportECPrivateKeyPem() : rsa.ExportRSAPrivateKeyPem());
    }
}
