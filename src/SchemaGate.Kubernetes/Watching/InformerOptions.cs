using SchemaGate.Kubernetes.Controllers;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Watching;

/// <summary>What an informer follows, and how patiently.</summary>
public sealed record InformerOptions
{
    /// <summary>Null means every namespace.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public int PageSize { get; init; } = 500;

    /// <summary>
    /// After once to twice this time a watch is begun anew, where the last one ended: by chance, as in client-go, or a thousand
    /// watches that a restarted server has ended together would begin together for ever.
    /// </summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told every failure to list or to watch, and every exception of a handler; for the log. It must not throw.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Told each object that cannot be read: once, and again when another one takes its name. It must not throw.</summary>
    public Action<UnreadObject>? Unread { get; init; }

    /// <summary>Told each of them when it can be read again, or is gone. It must not throw.</summary>
    public Action<UnreadObject>? Mended { get; init; }
}
