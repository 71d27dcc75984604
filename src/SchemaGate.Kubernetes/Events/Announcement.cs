using k8s.Models;

namespace SchemaGate.Kubernetes.Events;

/// <summary>Something that happened to an object, for those who run <c>kubectl describe</c> on it.</summary>
/// <param name="Regarding">The object.</param>
/// <param name="Normal">Else a warning.</param>
/// <param name="Action">What was done or decided: "Judge".</param>
/// <param name="Reason">Why, as one word: "MigrationsPending".</param>
/// <param name="Note">The sentence for people; more than 1024 bytes of it are cut off.</param>
public sealed record Announcement(V1ObjectReference Regarding, bool Normal, string Action, string Reason, string Note)
{
    /// <summary>Those of one object share an allowance.</summary>
    internal string Subject => Regarding.Uid is { Length: > 0 } uid
        ? uid
        : $"{Regarding.Kind}/{Regarding.NamespaceProperty}/{Regarding.Name}";

    /// <summary>What makes it the same happening again. Not the object's version: that is another after every write.</summary>
    internal (string, bool, string, string, string) Key => (Subject, Normal, Action, Reason, Note);
}
