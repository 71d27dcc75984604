using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;
using Entry = SchemaGate.Kubernetes.Configuration.Kubeconfig.Entry;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>One context's cluster and user, read into a configuration.</summary>
internal static class KubeconfigContext
{
    private const int MaxPemBytes = 1 << 20;

    // What would change who asks, or how: passing over one silently would act as somebody else.
    private static readonly string[] Unsupported =
        ["exec", "auth-provider", "username", "password", "as", "as-uid", "as-groups", "as-user-extra"];

    public static KubernetesConfiguration ToConfiguration(YamlMappingNode context, Entry cluster, Entry user)
    {
        if (Array.Find(Unsupported, user.Content.Has) is { } field)
        {
            throw YamlFile.Invalid(
                $"the kubeconfig's user has '{field}', which is not supported; use client-certificate and client-key, token, or tokenFile");
        }

        var insecure = cluster.Content.Flag("insecure-skip-tls-verify");
        var authorities = Pem(cluster, "certificate-authority");
        if (insecure && authorities is not null)
        {
            throw YamlFile.Invalid("the kubeconfig's cluster has both a certificate-authority and insecure-skip-tls-verify; remove one");
        }

        var (certificate, chain) = ClientCertificate(user);
        return new()
        {
            Server = Address(cluster.Content, "server") ?? throw YamlFile.Invalid("the kubeconfig's cluster has no server"),
            CertificateAuthorities = authorities is null ? [] : Certificates(authorities, "certificate-authority"),
            ClientCertificate = certificate,
            ClientCertificateChain = chain,
            Token = user.Content.Text("token"),
            TokenFile = user.PathOf("tokenFile"),
            Namespace = context.Text("namespace") is { Length: > 0 } ns ? ns : "default",
            InsecureSkipTlsVerify = insecure,
            TlsServerName = cluster.Content.Text("tls-server-name") is { Length: > 0 } name ? name : null,
            Proxy = Address(cluster.Content, "proxy-url", "socks5"),
        };
    }

    private static Uri? Address(YamlMappingNode mapping, string key, string? alsoScheme = null)
    {
        if (mapping.Text(key) is not { Length: > 0 } text)
        {
            return null;
        }

        var valid = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == alsoScheme);
        return valid ? uri : throw YamlFile.Invalid($"the kubeconfig's {key} is not an http or https URL");
    }

    private static (X509Certificate2? Certificate, X509Certificate2Collection Chain) ClientCertificate(Entry user)
    {
        var certificate = Pem(user, "client-certificate");
        var key = Pem(user, "client-key");
        if (certificate is null && key is null)
        {
            return (null, []);
        }

        if (certificate is null || key is null)
        {
            throw YamlFile.Invalid("the kubeconfig's user needs client-certificate and client-key together");
        }

        var chain = Certificates(certificate, "client-certificate");
        chain.RemoveAt(0);
        try
        {
            return (X509Certificate2.CreateFromPem(certificate, key), chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The inner exception is left out: it is about key material.
            throw YamlFile.Invalid("the kubeconfig's client-key is not an RSA or EC private key in PEM, or not the client-certificate's");
        }
    }

    private static X509Certificate2Collection Certificates(string pem, string key)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? certificates : throw YamlFile.Invalid($"the kubeconfig's {key} holds no certificate in PEM");
    }

    /// <summary>The -data field goes before the file, as in kubectl.</summary>
    private static string? Pem(Entry entry, string key)
    {
        if (entry.Content.Text($"{key}-data") is not { Length: > 0 } data)
        {
            return entry.PathOf(key) is { } path ? BoundedFile.ReadText(path, MaxPemBytes) : null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException)
        {
            throw YamlFile.Invalid($"the kubeconfig's {key}-data is not base64");
        }
    }
}
