using SchemaGate.Core.Gates;
using SchemaGate.Tests.Gates.Model;

namespace SchemaGate.Tests.Gates.SetModel;

/// <summary>What is there: a StatefulSet or a DaemonSet.</summary>
internal enum SetKind
{
    Stateful,
    Daemon,
}

/// <summary>A set's spec and metadata, as far as they matter. A record stands for its sealed text.</summary>
/// <param name="Replicas">Of a DaemonSet: on how many nodes it is to run.</param>
/// <param name="Partition">Null where there is none: OnDelete, DaemonSet. The API server's default is 0.</param>
/// <param name="IsHeld">The label <see cref="Names.Held"/>.</param>
internal sealed record SetSpec(
    SetKind Kind, int Template, int Replicas, int? Partition, bool OnDelete, bool Parallel, bool IsHeld, Hold? Hold,
    RevisionRecord? Released)
{
    /// <summary>Ordinals below it keep the current revision.</summary>
    public int Kept => Partition ?? 0;

    public override string ToString() =>
        $"{ModelVersions.Name(Template)}×{Replicas}{(OnDelete ? " OnDelete" : "")}{(Parallel ? " Parallel" : "")}"
        + $" partition {(Partition == Pause.AboveAnyOrdinal ? "max" : Partition?.ToString() ?? "-")}{(IsHeld ? " held" : "")}"
        + (Hold is { } hold ? $" hold({hold.Template},{(hold.Partition is { } note ? $"{note.Value}" : "-")},{hold.Reason})" : "")
        + SetRevision.Tell(Released);
}

/// <summary>A set's status. Revisions are told by their templates; a DaemonSet names none.</summary>
internal readonly record struct SetStatus(
    int? Current, int? Update, int Replicas, int Ready, int CurrentReplicas, int UpdatedReplicas, int Scheduled)
{
    public SetProgress Progress => new(Name(Current), Name(Update), Replicas, CurrentReplicas, UpdatedReplicas);

    private static string? Name(int? template) => template is { } known ? ModelVersions.Name(known) : null;
}

/// <summary>A ControllerRevision: there is one to a template, and it is named after it.</summary>
/// <param name="Number">It counts up.</param>
internal sealed record SetRevision(int Template, int Number, RevisionRecord? Released, int Version)
{
    public override string ToString() => $"{ModelVersions.Name(Template)}#{Number}{Tell(Released)}";

    public static string Tell(RevisionRecord? record) => record is null
        ? ""
        : $" released({string.Join(',', record.Releases.Select(release => $"{release.Requirement.Split(':')[^1]} {release.Reason}"))})";
}

/// <summary>A pod. Which place it has says the cluster: an ordinal, or a node.</summary>
internal sealed class SetPod(int template, bool isHeld)
{
    public int Template { get; } = template;

    /// <summary>It has SchemaGate's scheduling gate, and its label.</summary>
    public bool IsHeld { get; set; } = isHeld;

    /// <summary>Its containers run, and it is ready.</summary>
    public bool IsRunning { get; set; }

    /// <summary>It was let go when its set wanted another in its place already.</summary>
    public bool IsLate { get; set; }

    public int Version { get; set; }

    public override string ToString() => $"{ModelVersions.Name(Template)}{(IsHeld ? " held" : IsRunning ? "" : " starts")}";
}
