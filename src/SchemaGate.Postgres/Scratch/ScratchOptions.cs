using SchemaGate.Postgres.Connections;

namespace SchemaGate.Postgres.Scratch;

/// <summary>How many scratch databases there may be, and how they are made.</summary>
public sealed record ScratchOptions
{
    public static ScratchOptions Default { get; } = new();

    /// <summary>How many of SchemaGate's there may be on a server at once, whoever makes them. Templates are not among them.</summary>
    public int Limit { get; init; } = 4;

    /// <summary>How long to wait for one of too many to go, and for another maker of the same template.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many templates are kept on a server; the ones that were not used for the longest go.</summary>
    public int Templates { get; init; } = 4;

    /// <summary>
    /// How long a template stays after its last use, also where there are more than <see cref="Templates"/>: who was told of one reads it
    /// only then.
    /// </summary>
    public TimeSpan LeastKept { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The database whose encoding and collation a new one gets; null: the one that the server's URL names.</summary>
    public DatabaseUrl? Like { get; init; }
}
