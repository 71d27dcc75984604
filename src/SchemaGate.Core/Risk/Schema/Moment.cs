namespace SchemaGate.Core.Risk.Schema;

/// <summary>When something was made: the place of the migration in its set, and the transaction, which no other migration shares.</summary>
internal readonly record struct Moment(int Migration, int Transaction)
{
    /// <summary>Of what was there before the set's first migration.</summary>
    public static Moment Before { get; } = new(-1, -1);
}
