namespace SchemaGate.Kubernetes.Resources;

/// <summary>authentication.k8s.io/v1 TokenReview: create one to learn whose token it is. It is never stored.</summary>
public sealed record TokenReview : IKubernetesObject
{
    public static ResourceType<TokenReview> Resource { get; } = new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews",
        Namespaced: false, ResourceJson.Default.TokenReview, ResourceJson.Default.ResourceListTokenReview);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public required TokenReviewSpec Spec { get; init; }

    public TokenReviewStatus? Status { get; init; }
}

public sealed record TokenReviewSpec
{
    public string? Token { get; init; }

    public IReadOnlyList<string> Audiences { get; init => field = value ?? []; } = [];

    // A record prints its members, and this one is a credential.
    public override string ToString() => nameof(TokenReviewSpec);
}

public sealed record TokenReviewStatus
{
    public bool Authenticated { get; init; }

    public UserInfo? User { get; init; }

    public IReadOnlyList<string> Audiences { get; init => field = value ?? []; } = [];

    public string? Error { get; init; }
}
