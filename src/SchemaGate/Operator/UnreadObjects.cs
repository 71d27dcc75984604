using System.Collections.Concurrent;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The objects that are there and cannot be read. Each closes itself: a gate among them is none that lets anything pass, and a workload is
/// none that was let through; all others go on without it. Thread-safe.
/// </summary>
internal sealed class UnreadObjects
{
    private readonly ConcurrentDictionary<(string Kind, ObjectKey Key), UnreadObject> objects = new();

    /// <summary>Told each of them, for the log.</summary>
    public Action<UnreadObject>? Logged { get; set; }

    /// <summary>Told each of them, for its events; may be set anew at any time.</summary>
    public Action<UnreadObject>? Announced { get; set; }

    public IReadOnlyCollection<UnreadObject> All => [.. objects.Values];

    public void Add(UnreadObject unread)
    {
        objects[(unread.Kind, unread.Key)] = unread;
        Logged?.Invoke(unread);
        Announced?.Invoke(unread);
    }

    public void Remove(UnreadObject unread) => objects.TryRemove((unread.Kind, unread.Key), out _);

    /// <summary>Why nothing is known of a gate that is asked for: it is not there, or it cannot be read.</summary>
    public HoldReason WhyMissing(ObjectKey gate) => Problem(gate) is { } problem
        ? new HoldReason.GateUnreadable(gate.Name, problem)
        : new HoldReason.GateNotFound(gate.Name);

    /// <summary>A gate that cannot be read, as what it is to holds; null where it can be, or is not there.</summary>
    public GateView? Gate(ObjectKey gate) => Problem(gate) is { } problem
        ? new(gate.Name, Identity: null, Enforcement.Hold, Suspend: false, PolicyMode.Block) { Unreadable = problem }
        : null;

    private string? Problem(ObjectKey gate) => objects.GetValueOrDefault((SchemaGateResource.Resource.Kind, gate))?.Problem;
}
