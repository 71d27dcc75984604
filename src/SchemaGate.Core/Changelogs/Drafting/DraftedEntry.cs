using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>What an entry may say of a migration, as far as its SQL tells. Status and dates are for who writes it down.</summary>
/// <param name="Name">The migration's name.</param>
/// <param name="Risk">The least level that its SQL lets an entry state.</param>
/// <param name="Fields">Description, Changes, Migration File, Risk Level, Rollback, Production Notes: those that there is something to say
/// of, in this order.</param>
public sealed record DraftedEntry(string Name, RiskLevel Risk, IReadOnlyList<FieldValue> Fields)
{
    /// <summary>The tables that it makes and leaves.</summary>
    public int Tables { get; init; }

    /// <summary>The field with this label, or null.</summary>
    public FieldValue? Field(string label) => Fields.FirstOrDefault(field => field.Label == label);
}
