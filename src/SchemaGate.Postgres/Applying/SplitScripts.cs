using SchemaGate.Core.Migrations;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Postgres.Applying;

/// <summary>
/// The statements of what is pending, all of them before the first one runs: what cannot be run must not stop the set half way, with a
/// failed row.
/// </summary>
/// <param name="Scripts">Each migration's; as far as the refused one.</param>
/// <param name="Refused">Why one cannot be run here, or null.</param>
internal sealed record SplitScripts(IReadOnlyList<IReadOnlyList<SqlStatement>> Scripts, ApplyFailure? Refused)
{
    public static SplitScripts Of(IReadOnlyList<Migration> pending)
    {
        List<IReadOnlyList<SqlStatement>> scripts = [];
        foreach (Migration migration in pending)
        {
            scripts.Add(ApplyFailures.Split(migration, out ApplyFailure? refused));
            if (refused is not null)
            {
                return new(scripts, refused);
            }
        }

        return new(scripts, Refused: null);
    }
}
