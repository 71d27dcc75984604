namespace SchemaGate.Postgres.Applying;

/// <summary>What a migration that failed leaves in the database, beside its row.</summary>
internal abstract record Remains
{
    private Remains()
    {
    }

    public sealed record Nothing : Remains;

    /// <summary>It ran statement by statement.</summary>
    /// <param name="Invalid">Indexes that its last statement left invalid, quoted.</param>
    public sealed record Committed(IReadOnlyList<string> Invalid) : Remains;

    /// <summary>Its session did not end yet.</summary>
    public sealed record Unknown(int Process) : Remains;

    /// <summary>The history cannot be read or written.</summary>
    public sealed record Unrecorded(DatabaseException Cause) : Remains;
}
