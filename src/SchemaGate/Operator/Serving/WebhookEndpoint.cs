using System.Text.Json.Nodes;

namespace SchemaGate.Operator.Serving;

/// <summary>Where the API server reaches the webhooks: a Service of the cluster, or a URL outside of it.</summary>
internal abstract record WebhookEndpoint
{
    private WebhookEndpoint()
    {
    }

    internal sealed record InCluster(string Name, string Namespace) : WebhookEndpoint
    {
        public override ServingNames Names => ServingNames.OfService(Name, Namespace);

        public override JsonObject ToClientConfig(string path) => new()
        {
            ["service"] = new JsonObject { ["namespace"] = Namespace, ["name"] = Name, ["path"] = path, ["port"] = 443 },
        };

        public override string ToString() => $"https://{Name}.{Namespace}.svc";
    }

    internal sealed record Outside(Uri Address) : WebhookEndpoint
    {
        public override ServingNames Names => new([Address.IdnHost]);

        public override JsonObject ToClientConfig(string path) => new() { ["url"] = this + path };

        public override string ToString() => Address.ToString().TrimEnd('/');
    }

    /// <summary>What its certificate must be for.</summary>
    public abstract ServingNames Names { get; }

    /// <summary>The <c>clientConfig</c> of a webhook that answers at <paramref name="path"/>, without its CA bundle.</summary>
    public abstract JsonObject ToClientConfig(string path);
}
