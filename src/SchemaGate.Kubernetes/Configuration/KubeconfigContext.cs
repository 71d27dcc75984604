using System.Text;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using Entry = SchemaGate.Kubernetes.Configuration.Kubeconfig.Entry;

namespace SchemaGate.Kubernetes.Configuration;

/// <summary>One context's cluster and user, read into a configuration.</summary>
internal static class KubeconfigContext
{
    private const int MaxPemBytes = 1 << 20;

    // What would change who asks, or how: passing over one silently would act as somebody else.
    private static readonly string[] Unsupported = ["auth-provider", "username", "password"];

    public static KubernetesConfiguration ToConfiguration(YamlMappingNode context, Entry cluster, Entry user)
    {
        if (Array.Find(Unsupported, user.Content.Has) is { } field)
        {
            throw YamlFile.Invalid(
                $"the kubeconfig's user has '{field}', which is not supported; "
                + "use client-certificate and client-key, token, tokenFile, or exec");
        }

        var insecure = cluster.Content.Flag("insecure-skip-tls-verify");
        var authorities = PemText(cluster, "certificate-authority");
        if (insecure && authorities is not null)
        {
            throw YamlFile.Invalid("the kubeconfig's cluster has both a certificate-authority and insecure-skip-tls-verify; remove one");
        }

        var server = Address(cluster.Content, "server") ?? throw YamlFile.Invalid("the kubeconfig's cluster has no server");
        var certificate = ClientCertificate(user);
        var plugin = user.Content.Has("exec") ? KubeconfigExec.Read(user, cluster, server, authorities) : null;
        if (plugin is not null && (certificate is not null || user.Content.Has("token") || user.Content.Has("tokenFile")))
        {
            throw YamlFile.Invalid("the kubeconfig's user has exec beside a token or certificate; remove one");
        }

        return new()
        {
            Server = server,
            CertificateAuthorities = authorities is null ? [] : Pem.Certificates(authorities, "the kubeconfig's certificate-authority"),
            CertificateAuthorityFile = cluster.Content.Has("certificate-authority-data") ? null : cluster.PathOf("certificate-authority"),
            ClientCertificate = certificate?.Leaf,
            ClientCertificateChain = certificate?.Chain ?? [],
            Token = user.Content.Text("token"),
            TokenFile = user.PathOf("tokenFile"),
            Exec = plugin,
            Impersonated = Impersonated(user.Content),
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

    private static ClientCertificate? ClientCertificate(Entry user) =>
        (PemText(user, "client-certificate"), PemText(user, "client-key")) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) =>
                Pem.ClientCertificate(certificate, key, "the kubeconfig's client-certificate", "the kubeconfig's client-key"),
            _ => throw YamlFile.Invalid("the kubeconfig's user needs client-certificate and client-key together"),
        };

    private static V1UserInfo? Impersonated(YamlMappingNode user)
    {
        var impersonated = new V1UserInfo
        {
            Username = user.Text("as"),
            Uid = user.Text("as-uid"),
            Groups = [.. user.Texts("as-groups")],
            Extra = user.Mapping("as-user-extra").TextLists(),
        };
        if (string.IsNullOrEmpty(impersonated.Username))
        {
            return impersonated is { Uid: null or "", Groups.Count: 0, Extra.Count: 0 } ? null
                : throw YamlFile.Invalid("the kubeconfig's user has as-uid, as-groups or as-user-extra without 'as'");
        }

        return impersonated;
    }

    /// <summary>The -data field goes before the file, as in kubectl.</summary>
    private static string? PemText(Entry entry, string key)
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
