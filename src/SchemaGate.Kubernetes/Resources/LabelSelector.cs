using System.Collections.Immutable;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>metav1.LabelSelector. An empty one selects everything.</summary>
public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string> MatchLabels
    {
        get;
        init => field = value ?? ImmutableDictionary<string, string>.Empty;
    } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init => field = value ?? []; } = [];

    /// <summary>The form that a list's labelSelector parameter takes: <c>app=web,tier in (a,b),!legacy</c>.</summary>
    public override string ToString() => string.Join(',', MatchLabels
        .OrderBy(label => label.Key, StringComparer.Ordinal)
        .Select(label => $"{label.Key}={label.Value}")
        .Concat(MatchExpressions.Select(requirement => requirement.ToString())));
}

/// <summary>metav1.LabelSelectorRequirement. <see cref="Operator"/> is In, NotIn, Exists or DoesNotExist.</summary>
public sealed record LabelRequirement
{
    public required string Key { get; init; }

    public required string Operator { get; init; }

    public IReadOnlyList<string> Values { get; init => field = value ?? []; } = [];

    public override string ToString() => Operator switch
    {
        "In" => $"{Key} in ({string.Join(',', Values)})",
        "NotIn" => $"{Key} notin ({string.Join(',', Values)})",
        "Exists" => Key,
        "DoesNotExist" => $"!{Key}",
        _ => throw new KubernetesException(StatusReason.Invalid,
            $"the label selector's operator '{Operator}' is unknown; it is one of In, NotIn, Exists, DoesNotExist"),
    };
}
