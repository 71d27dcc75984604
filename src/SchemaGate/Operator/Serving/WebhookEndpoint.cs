using System.Text.Json.Nodes;

namespace SchemaGate.Operator.Serving;

/// <summary>Where the API server reaches the webhooks: a Service of the cluster, or a URL outside of it.</summary>
internal abstract record WebhookEndpoint
{
    private const string Folder = "/admission/";

    private WebhookEndpoint()
    {
    }

    /// <summary>The part of the paths that only the API server knows; empty for paths without, as they were before.</summary>
    public string Secret { get; init; } = "";

    internal sealed record InCluster(string Name, string Namespace) : WebhookEndpoint
    {
        public override ServingNames Names => ServingNames.OfService(Name, Namespace);

        public override JsonObject ToClientConfig(string path) => new()
        {
            ["service"] = new JsonObject { ["namespace"] = Namespace, ["name"] = Name, ["path"] = Under(path), ["port"] = 443 },
        };

        public override string ToString() => $"https://{Name}.{Namespace}.svc";
    }

    internal sealed record Outside(Uri Address) : WebhookEndpoint
    {
        public override ServingNames Names => new([Address.IdnHost]);

        public override JsonObject ToClientConfig(string path) => new() { ["url"] = this + Under(path) };

        public override string ToString() => Address.ToString().TrimEnd('/');
    }

    /// <summary>The secret in a <c>clientConfig</c>'s path or URL; empty for one without; null for what is neither.</summary>
    public static string? SecretIn(string path)
    {
        int at = path.LastIndexOf(Folder, StringComparison.Ordinal);
        return at < 0 ? null : path[(at + Folder.Length)..].Split('/') switch
        {
            [_] => "",
            [{ } secret, _] => secret,
            _ => null,
        };
    }

    /// <summary>What its certificate must be for.</summary>
    public abstract ServingNames Names { get; }

    /// <summary>The <c>clientConfig</c> of a webhook that answers at <paramref name="path"/>, without its CA bundle.</summary>
    public abstract JsonObject ToClientConfig(string path);

    private string Under(string path) => Secret.Length == 0 ? path : path.Replace(Folder, $"{Folder}{Secret}/", StringComparison.Ordinal);
}
