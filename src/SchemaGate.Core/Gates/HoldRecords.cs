using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaGate.Core.Gates;

/// <summary>What SchemaGate noted on a workload whose new revision it holds (annotation <see cref="Names.Hold"/>).</summary>
/// <param name="Paused">
/// What <c>spec.paused</c> is to be again, as the workload's owner last asked for it; null where SchemaGate has not paused it.
/// </param>
/// <param name="Template">The hash of the pod template that is held.</param>
/// <param name="Since">When this template was first held.</param>
/// <param name="Reason">Why: a constant of <see cref="Reasons"/>.</param>
/// <param name="Message">What is missing and what opens it.</param>
public sealed record Hold(bool? Paused, string Template, DateTimeOffset Since, string Reason, string Message)
{
    /// <summary>What the partition is to be again; null where SchemaGate has not raised it.</summary>
    public PartitionNote? Partition { get; init; }

    /// <summary>What <c>revisionHistoryLimit</c> is to be again; null where SchemaGate has not raised it.</summary>
    public int? HistoryLimit { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, HoldJson.Default.Hold);

    /// <summary>Null for anything that is not such a record.</summary>
    public static Hold? FromJson(string? text) =>
        TolerantJson.Read(text, HoldJson.Default.Hold) is { Template: not null, Reason: not null, Message: not null } hold ? hold : null;
}

/// <summary>A StatefulSet's partition as its owner last asked for it.</summary>
/// <param name="Value">Null where none was written.</param>
public sealed record PartitionNote(int? Value);

/// <summary>For what a revision was released (annotation <see cref="Names.Released"/>, written by <see cref="RecordSeal"/>).</summary>
/// <param name="Template">
/// The hash of the revision's pod template: the Deployment controller copies annotations from a Deployment to whatever ReplicaSet is
/// its newest, so a record counts only for the template that it names.
/// </param>
/// <param name="Releases">One per gate.</param>
public sealed record RevisionRecord(string Template, IReadOnlyList<Release> Releases)
{
    public Release? For(Requirement requirement) => Releases.FirstOrDefault(release =>
        release.Gate == requirement.Gate && (requirement.Value is null || release.Requirement == requirement.Value));

    /// <summary>
    /// Whether there is a release for each requirement, in whatever database: it was let through once. That is enough for the pods of a
    /// revision that is there, and for no new one.
    /// </summary>
    public bool Covers(IReadOnlyList<Requirement> requirements) =>
        requirements.Count > 0 && requirements.All(requirement => For(requirement) is not null);

    /// <summary>The record with this release in place of the gate's earlier one.</summary>
    public RevisionRecord With(Release release) =>
        this with { Releases = [.. Releases.Where(other => other.Gate != release.Gate), release] };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(RevisionRecord))]
[JsonSerializable(typeof(SealedRecord))]
internal sealed partial class HoldJson : JsonSerializerContext;
