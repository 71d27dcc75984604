using k8s.Models;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Events;

/// <summary>One event object, and what it does not say yet.</summary>
/// <param name="wanted">The object as it is made at first; its name stays, so that making it twice is noticed.</param>
/// <param name="subject">Whose allowance it uses.</param>
/// <param name="now">When it happened first; the object's own time has a fraction in any case.</param>
internal sealed class EventSeriesState(Eventsv1Event wanted, string subject, DateTimeOffset now)
{
    private int written;

    public Eventsv1Event Wanted => wanted with { Series = Series };

    public string Subject { get; } = subject;

    public int Count { get; private set; } = 1;

    public DateTimeOffset Last { get; private set; } = now;

    /// <summary>On the server.</summary>
    public bool Exists { get; private set; }

    /// <summary>Not written before it.</summary>
    public DateTimeOffset NotBefore { get; set; } = now;

    public int Failures { get; set; }

    public bool IsDirty => written < Count;

    // The server takes a series from two on.
    private Eventsv1EventSeries? Series => Count > 1 ? new() { Count = Count, LastObservedTime = Last.ToMicroTime() } : null;

    public void Add(DateTimeOffset again)
    {
        Count++;
        Last = again;
    }

    public void Written(int count)
    {
        (written, Failures, Exists) = (count, 0, true);
    }

    /// <summary>Until it happens again.</summary>
    public void GiveUp()
    {
        (written, Failures) = (Count, 0);
    }
}
