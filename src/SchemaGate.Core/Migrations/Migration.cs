namespace SchemaGate.Core.Migrations;

/// <summary>One migration of a set.</summary>
/// <param name="Name">What people call it: with Prisma the directory's name, with most tools the file's without its extension.</param>
/// <param name="Sql">The SQL that applies it; invalid UTF-8 is U+FFFD, as Prisma reads it; a BOM stays. Lines are those of the
/// file.</param>
/// <param name="Checksum">The file's checksum, as the tool writes it.</param>
public sealed record Migration(string Name, string Sql, MigrationChecksum Checksum)
{
    /// <summary>What the tool's history calls it, such as a version's number.</summary>
    public string Key { get; init; } = Name;

    /// <summary>
    /// The keys of the migrations that it builds on, where the tool's order is a graph, as far as its file tells.
    /// </summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The names of the migrations that it stands for (Django's squashes); it is applied when all of them are.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>Whether it runs again when its file changes, after all others (Flyway's <c>R__x.sql</c>).</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Its file, below the migrations directory; null with Prisma, where the name tells it, and where it is not known.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Why its SQL cannot be judged, without a full stop: it is written in Python, or is no text that a server takes; null where it can.
    /// </summary>
    public string? Unjudged { get; init; }
}
