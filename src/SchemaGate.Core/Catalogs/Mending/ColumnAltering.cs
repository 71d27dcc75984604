namespace SchemaGate.Core.Catalogs.Mending;

/// <summary>One column changed in place: the type first, then what may depend on it.</summary>
internal sealed class ColumnAltering(MendSides sides, CatalogObject from, CatalogObject to)
{
    private readonly string _column = SqlNames.Of(to.Name);

    private bool IsRetyped => sides.Fates.IsRetyped(to.Name);

    public IEnumerable<MendStatement> Statements()
    {
        IEnumerable<MendStatement> generated = Differs(CatalogFact.Generated) ? [Say($"{Alter} DROP EXPRESSION")] : [];
        return [.. generated, .. Type(), .. Identity(), .. Default(), .. NotNull(), .. Storage()];
    }

    private string Alter => $"ALTER COLUMN {_column}";

    /// <summary>A parent's change reaches what inherits the column.</summary>
    private bool Follows => sides.To.Giver(to) is { } giver && !sides.ChangesParents(sides.To.Owner(to.Name)!.Name)
        && (sides.Fates.IsRetyped(giver.Name) || sides.Fates.Differs(giver.Name, CatalogFact.Type));

    private IEnumerable<MendStatement> Type()
    {
        if ((!IsRetyped && !Differs(CatalogFact.Type) && !Differs(CatalogFact.Collation)) || Follows)
        {
            return [];
        }

        (string before, string type) = (from[CatalogFact.Type]!, to[CatalogFact.Type]!);
        string? cast = IsRetyped ? ColumnType.ByText(_column, type) : ColumnType.Using(_column, before, type);
        string collation = to[CatalogFact.Collation] is { } own ? $" COLLATE {own}" : "";
        bool narrows = !IsRetyped && !ColumnType.Widens(before, type);
        return
        [
            Say($"{Alter} TYPE {type}{collation}{(cast is null ? "" : $" USING {cast}")}") with
            {
                Destroys = narrows,
                Note = narrows ? $"From {before}: fails, or changes what is there, where a value does not fit." : null,
            },
        ];
    }

    private IEnumerable<MendStatement> Identity()
    {
        bool had = sides.From.HasOwnIdentity(from), has = sides.To.HasOwnIdentity(to);
        if (had && has && Differs(CatalogFact.Identity))
        {
            yield return Say($"{Alter} SET GENERATED {to[CatalogFact.Identity]!.ToUpperInvariant()}");
        }

        if (had && has && Differs(CatalogFact.SequenceOptions))
        {
            IEnumerable<string> clauses = SequenceClauses.All(to[CatalogFact.SequenceOptions]).Select(clause => $"SET {clause}");
            yield return Say($"{Alter} {string.Join(' ', clauses)}");
        }

        if (SequenceRename.Of(sides, from, to).Second is { } renamed)
        {
            yield return MendStatement.Plain(to.Name, renamed);
        }
    }

    /// <summary>An identity is added only to a column without default, and that is NOT NULL: the last of these.</summary>
    private IEnumerable<MendStatement> Default()
    {
        string? before = ColumnText.DefaultOf(from), after = ColumnText.DefaultOf(to);
        bool lifted = sides.Fates.IsLifted(to.Name);
        if (after is not null && (lifted || before != after))
        {
            yield return Say($"{Alter} SET DEFAULT {after}", only: true);
        }
        else if (after is null && before is not null && !lifted)
        {
            yield return Say($"{Alter} DROP DEFAULT", only: true);
        }
    }

    private IEnumerable<MendStatement> NotNull()
    {
        if (!from.Has(CatalogFact.NotNull) && to.Has(CatalogFact.NotNull) && sides.To.NotNullOf(to.Name) is null)
        {
            yield return Say($"{Alter} SET NOT NULL") with { Note = "Reads the whole table, and fails where a value is missing." };
        }

        if (!sides.From.HasOwnIdentity(from) && sides.To.HasOwnIdentity(to))
        {
            yield return Say($"{Alter} ADD {ColumnText.Identity(sides.To.Catalog, to)}") with
            {
                Note = "Its numbers begin anew: set them with setval.",
            };
        }

        bool isLost = from.Has(CatalogFact.NotNull) && !to.Has(CatalogFact.NotNull);
        if (isLost && sides.From.NotNullOf(to.Name) is null && !NotNulls.IsLeft(sides, to.Name))
        {
            yield return Say($"{Alter} DROP NOT NULL");
        }
    }

    private IEnumerable<MendStatement> Storage()
    {
        bool anew = IsRetyped || Differs(CatalogFact.Type);
        if (Differs(CatalogFact.Storage) || (anew && to.Has(CatalogFact.Storage)))
        {
            string storage = to[CatalogFact.Storage]?.ToUpperInvariant() ?? ColumnType.Of(to[CatalogFact.Type]).DefaultStorage;
            yield return Say($"{Alter} SET STORAGE {storage}", only: true);
        }

        if (Differs(CatalogFact.Compression))
        {
            yield return Say($"{Alter} SET COMPRESSION {to[CatalogFact.Compression] ?? "default"}", only: true);
        }

        if (Differs(CatalogFact.StatisticsTarget) || (anew && to.Has(CatalogFact.StatisticsTarget)))
        {
            yield return Say($"{Alter} SET STATISTICS {to[CatalogFact.StatisticsTarget] ?? "-1"}", only: true);
        }

        foreach (string action in Differs(CatalogFact.Options) ? StorageOptions.Changed(from, to) : [])
        {
            yield return Say($"{Alter} {action}", only: true);
        }
    }

    private MendStatement Say(string action, bool only = false) =>
        MendStatement.Plain(to.Name, $"ALTER TABLE {(only ? "ONLY " : "")}{SqlNames.Owner(to.Name)} {action};");

    private bool Differs(string fact) => sides.Fates.Differs(to.Name, fact);
}
