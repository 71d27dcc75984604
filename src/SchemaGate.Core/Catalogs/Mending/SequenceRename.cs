namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>
/// A new name for the sequence of an identity that stays. It is given before anything is made, so that the old one is free then; where
/// somebody has the new one until then, by way of a name that nobody has.
/// </summary>
internal static class SequenceRename
{
    /// <returns>What to run in the first half of the plan and in the second; null for nothing.</returns>
    public static (string? First, string? Second) Of(MendSides sides, CatalogObject from, CatalogObject to)
    {
        if (!sides.From.HasOwnIdentity(from) || !sides.To.HasOwnIdentity(to) || !sides.Fates.Differs(to.Name, CatalogFact.IdentitySequence)
            || QuotedName.Parts(from[CatalogFact.IdentitySequence]) is not [var schema, var old]
            || QuotedName.Parts(to[CatalogFact.IdentitySequence]) is not [_, var name])
        {
            return (null, null);
        }

        if (!IdentityName.IsTaken(sides.From.Catalog, schema, name))
        {
            return (Renamed(schema, old, name), null);
        }

        string between = Free(sides, schema, old);
        return (Renamed(schema, old, between), Renamed(schema, between, name));
    }

    private static string Renamed(string schema, string old, string name) =>
        $"ALTER SEQUENCE {QuotedName.Of(schema, old)} RENAME TO {QuotedName.Of(name)};";

    private static string Free(MendSides sides, string schema, string old)
    {
        string name = QuotedText.Cut(old, "_old");
        for (int number = 2; IdentityName.IsTaken(sides.From.Catalog, schema, name)
            || IdentityName.IsTaken(sides.To.Catalog, schema, name); number++)
        {
            name = QuotedText.Cut(old, $"_old{number}");
        }

        return name;
    }
}
