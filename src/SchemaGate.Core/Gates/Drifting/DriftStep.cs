using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Drifting;

/// <summary>What is to be done about a gate's drift.</summary>
public abstract record DriftStep
{
    private DriftStep()
    {
    }

    /// <summary>Nothing is read.</summary>
    /// <param name="Known">What is known without; null where nobody compares.</param>
    public sealed record Settled(DriftEvidence? Known) : DriftStep;

    /// <summary>The live catalog is to be read, and compared with what these build.</summary>
    /// <param name="Basis">See <see cref="DriftRecord.Basis"/>.</param>
    /// <param name="Applied">The applied migrations, in the set's order.</param>
    /// <param name="Last">The last comparison of the same, which is due again; null where there is none.</param>
    public sealed record Compare(string Basis, MigrationSet Applied, DriftRecord? Last) : DriftStep;
}
