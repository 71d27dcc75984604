namespace SchemaGate.Kubernetes;

/// <summary>Which objects, and how many at once.</summary>
public sealed record ListOptions
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>The page's size; null for everything.</summary>
    public int? Limit { get; init; }

    public string? Continue { get; init; }

    /// <summary>The size that was too large for a page before it; null where none was.</summary>
    internal int? TooLarge { get; init; }
}

/// <summary>Which changes, from where, for how long.</summary>
public sealed record WatchOptions
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>A list's or an earlier event's; null starts with everything that exists as Added.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The server ends the watch after it; so does this client, half a minute later, if the server does not.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Told once the server has accepted the watch, which may then stay silent for long.</summary>
    internal Action? Opened { get; init; }
}

/// <summary>How a deletion goes; the server's defaults where null.</summary>
public sealed record DeleteOptions
{
    /// <summary>"Background", "Foreground" or "Orphan".</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Zero takes a pod away at once, whatever runs in it.</summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>Delete only this incarnation; else Conflict.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this version; else Conflict.</summary>
    public string? ResourceVersion { get; init; }
}
