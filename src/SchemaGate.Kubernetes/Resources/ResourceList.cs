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

    /// <summary>The size that was too large; null where none was, or where one object alone was, which is passed by then.</summary>
    internal int? TooLarge { get; init; }

    /// <summary>
    /// Asks for the next page: after one that had to be smaller for as many as wished again, in steps, up to what was too large before.
    /// </summary>
    /// <param name="wished">What asked for the first page.</param>
    public ListOptions Next(ListOptions wished) => wished with
    {
        Continue = Metadata.ContinueProperty,
        Limit = wished.Limit is { } most && Limit is { } limit ? Grown(limit, most) : Limit ?? wished.Limit,
        TooLarge = TooLarge,
    };

    private int Grown(int limit, int most) => 2 * limit < (TooLarge ?? int.MaxValue) ? Math.Min(most, 2 * limit) : limit;
}
