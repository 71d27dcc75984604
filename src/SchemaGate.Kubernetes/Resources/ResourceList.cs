using k8s.Models;

namespace SchemaGate.Kubernetes.Resources;

/// <summary>One page of a list, or all of it.</summary>
public sealed record ResourceList<T>
{
    /// <summary>Where a watch that misses nothing starts, and what asks for the next page.</summary>
    public required V1ListMeta Metadata { get; init; }

    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>The objects that are there, too, and that cannot be read.</summary>
    public IReadOnlyList<UnreadObject> Unread { get; init; } = [];

    /// <summary>How many were asked for at last; null where that was everything.</summary>
    public int? Limit { get; init; }

    /// <summary>Asks for the next page: after one that had to be smaller for as many as wished again, in steps.</summary>
    /// <param name="wished">What asked for the first page.</param>
    public ListOptions Next(ListOptions wished) => wished with
    {
        Continue = Metadata.ContinueProperty,
        Limit = wished.Limit is { } most && Limit is { } limit ? Math.Min(most, 2 * limit) : Limit ?? wished.Limit,
    };
}
