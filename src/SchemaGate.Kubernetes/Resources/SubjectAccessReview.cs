using System.Collections.Immutable;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>authorization.k8s.io/v1 SubjectAccessReview: create one to learn whether somebody may do something. It is never stored.</summary>
public sealed record SubjectAccessReview : IKubernetesObject
{
    public static ResourceType<SubjectAccessReview> Resource { get; } = new(
        "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews",
        Namespaced: false, ResourceJson.Default.SubjectAccessReview, ResourceJson.Default.ResourceListSubjectAccessReview);

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public required SubjectAccessReviewSpec Spec { get; init; }

    public SubjectAccessReviewStatus? Status { get; init; }
}

public sealed record SubjectAccessReviewSpec
{
    public ResourceAttributes? ResourceAttributes { get; init; }

    public string? User { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<string> Groups { get; init => field = value ?? []; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra
    {
        get;
        init => field = value ?? ImmutableDictionary<string, IReadOnlyList<string>>.Empty;
    } = ImmutableDictionary<string, IReadOnlyList<string>>.Empty;
}

public sealed record SubjectAccessReviewStatus
{
    public bool Allowed { get; init; }

    public bool Denied { get; init; }

    public string? Reason { get; init; }

    /// <summary>An authorizer failed; the answer stands all the same.</summary>
    public string? EvaluationError { get; init; }
}

/// <summary>What somebody wants to do with a resource. A group of "" is the core group, a name of null every object.</summary>
public sealed record ResourceAttributes
{
    /// <summary>Null for cluster-scoped resources, and for every namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>"get", "create", …, or a verb of one's own as "approve".</summary>
    public required string Verb { get; init; }

    public string Group { get; init => field = value ?? ""; } = "";

    public string? Version { get; init; }

    /// <summary>The plural.</summary>
    public required string Resource { get; init; }

    public string? Subresource { get; init; }

    public string? Name { get; init; }
}
