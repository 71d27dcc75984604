namespace SchemaGate.Tests.Gates.Model;

/// <summary>For what each template was satisfied, whatever SchemaGate noted of it.</summary>
internal sealed class ModelHistory(ModelDatabase database, ModelGate gate)
{
    private readonly bool[] applied = new bool[ModelVersions.Templates];
    private readonly bool[] adopted = new bool[ModelVersions.Templates];

    /// <summary>
    /// By template: for which numbers of migrations it was satisfied since it was first applied, as bits; eight to a database.
    /// </summary>
    private readonly int[] satisfied = new int[ModelVersions.Templates];

    /// <summary>It runs before SchemaGate is there.</summary>
    public void Adopt(int template) => adopted[template] = true;

    public bool IsAdopted(int template) => adopted[template];

    /// <summary>Whether its containers may ever run.</summary>
    public bool MayRun(int template) => adopted[template] || satisfied[template] != 0;

    /// <summary>Whether what it was ever satisfied for is applied now.</summary>
    public bool IsSatisfied(int template) =>
        ((satisfied[template] >> (8 * database.Which)) & ((1 << (database.Applied + 1)) - 1)) != 0;

    /// <summary>Whether what it needs now, wherever its tag has moved, is applied now, and it was satisfied once.</summary>
    public bool IsNowSatisfied(int template) => IsSatisfied(template) && database.Needed(template) <= database.Applied;

    /// <summary>And whether that can be read.</summary>
    public bool IsSeenSatisfied(int template) => IsNowSatisfied(template) && !database.IsOut && !database.IsRegistryOut;

    public void Apply(int template)
    {
        applied[template] = true;
        Learn();
    }

    /// <summary>Database or tag may be another now. What was satisfied in the one that was last read passes until another is.</summary>
    public void Learn()
    {
        Learn(database.Which);
        if (ModelDatabase.WhichIs(gate.Identity) is { } known && known != database.Which)
        {
            Learn(known);
        }
    }

    private void Learn(int which)
    {
        for (int template = 0; template < applied.Length; template++)
        {
            int needed = database.Needed(template);
            satisfied[template] |= applied[template] && needed <= database.MostApplied(which) ? 1 << needed << (8 * which) : 0;
        }
    }
}
