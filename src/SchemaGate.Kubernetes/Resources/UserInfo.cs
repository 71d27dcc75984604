using System.Collections.Immutable;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>authentication.k8s.io/v1 UserInfo: who asks, as the API server knows them.</summary>
public sealed record UserInfo
{
    public string? Username { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<string> Groups { get; init => field = value ?? []; } = [];

    /// <summary>What the authenticator adds, for authorizers: scopes, the pod of a service account's token.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra
    {
        get;
        init => field = value ?? ImmutableDictionary<string, IReadOnlyList<string>>.Empty;
    } = ImmutableDictionary<string, IReadOnlyList<string>>.Empty;
}
