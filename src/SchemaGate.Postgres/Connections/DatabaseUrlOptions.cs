namespace SchemaGate.Postgres.Connections;

/// <summary>What a database URL may reach.</summary>
/// <param name="AllowLocalFiles">
/// Whether it may name certificate and password files and socket directories on this machine, and link-local addresses. False wherever
/// someone else wrote the URL: the operator must not open its own disk, or its node's metadata service, to the writer of a Secret.
/// </param>
public sealed record DatabaseUrlOptions(bool AllowLocalFiles)
{
    public static DatabaseUrlOptions Operator { get; } = new(AllowLocalFiles: false);

    public static DatabaseUrlOptions CommandLine { get; } = new(AllowLocalFiles: true);
}
