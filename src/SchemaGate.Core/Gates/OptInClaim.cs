namespace SchemaGate.Core.Gates;

/// <summary>What one Kubernetes object says of being gated.</summary>
/// <param name="ApiGroup">The group of its apiVersion; empty for the core's.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Own">What its own metadata says.</param>
/// <param name="Template">What its pod template says; null where it has none. A Pod has none: the object is the template.</param>
public sealed record OptInClaim(string ApiGroup, string Kind, OptInMarks Own, OptInMarks? Template);

/// <summary>The marks of one metadata.</summary>
/// <param name="Label">The label <see cref="Names.Gated"/>, whatever its value; null where it is absent.</param>
/// <param name="Requires">The annotation <see cref="Names.Requires"/>; null where it is absent.</param>
public sealed record OptInMarks(string? Label, string? Requires)
{
    public static OptInMarks None { get; } = new(Label: null, Requires: null);

    public bool IsEmpty => Label is null && Requires is null;
}
