namespace SchemaGate.Core.Gates;

/// <summary>A kind of object whose start can be held.</summary>
/// <param name="Group">The API's group; empty for the core's.</param>
/// <param name="Template">Where its pod template stands; null where the object is its own (a Pod).</param>
public sealed record GatedKind(string Group, string Kind, string? Template)
{
    private const string UsualTemplate = "spec.template";

    /// <summary>Every such kind. A version is none of its business: a group's versions are the same objects.</summary>
    public static IReadOnlyList<GatedKind> All { get; } =
    [
        new("apps", "Deployment", UsualTemplate),
        new("apps", "ReplicaSet", UsualTemplate),
        new("argoproj.io", "Rollout", UsualTemplate),
        new("apps", "StatefulSet", UsualTemplate),
        new("apps", "DaemonSet", UsualTemplate),
        new("batch", "Job", UsualTemplate),
        new("batch", "CronJob", "spec.jobTemplate.spec.template"),
        new("", "Pod", Template: null),
    ];

    /// <returns>Null for a kind that has no way to be held.</returns>
    public static GatedKind? Find(string group, string kind) =>
        All.FirstOrDefault(known => known.Kind == kind && known.Group == group);

    /// <summary>Where the labels or annotations of its pods are written.</summary>
    /// <param name="member"><c>labels</c> or <c>annotations</c>.</param>
    public string InTemplate(string member) => Template is null ? $"metadata.{member}" : $"{Template}.metadata.{member}";
}
