using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>The SQL that makes one side the other, tried before anybody sees it.</summary>
/// <param name="Text">As a migration; what destroys is a comment unless it was allowed, and all of it is where it does not come
/// out.</param>
/// <param name="Left">What would differ afterwards, or why it did not run, a sentence each; none where it comes out.</param>
internal sealed record MendedSql(string Text, IReadOnlyList<string> Left)
{
    public bool IsVerified => Left.Count == 0;

    /// <summary>It loses data or objects that somebody may use.</summary>
    public bool Destroys { get; private init; }

    /// <summary>It grants something to a role that the scratch server lacks: that has not run.</summary>
    public bool LacksRoles { get; private init; }

    /// <param name="diff">The sides.</param>
    /// <param name="isBack">Whether <see cref="SchemaDiff.To"/> is made <see cref="SchemaDiff.From"/>; else the other way round.</param>
    /// <param name="allowDestructive">Whether what loses something is printed as a statement.</param>
    /// <param name="builder">Makes the scratch database in which it is tried.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DatabaseException">There can be no scratch database.</exception>
    public static async Task<MendedSql> OfAsync(
        SchemaDiff diff, bool isBack, bool allowDestructive, SchemaBuilder builder, CancellationToken cancellation)
    {
        (ReadSide origin, ReadSide goal) = isBack ? (diff.To, diff.From) : (diff.From, diff.To);
        goal = goal with { Catalog = MendedGrants.Goal(diff, origin.Catalog, goal.Catalog) };
        MendPlan plan = Plan(origin.Catalog, goal.Catalog);
        bool destroys = plan.Statements.Any(statement => statement.Destroys);
        MendTrial trial = new(diff, origin, goal, Plan, builder);
        List<string> left = [.. plan.Left, .. await trial.AllAsync(cancellation)];
        if (left.Count == 0 && destroys && !allowDestructive)
        {
            left.AddRange(await trial.HeldBackAsync(cancellation));
        }

        string all = MendScript.Text(plan, new(AllowDestructive: true));
        string text = allowDestructive ? all : MendScript.Text(plan, new(AllowDestructive: false));
        return new(left.Count == 0 ? text : MendScript.Commented(all.TrimEnd('\n')) + "\n", [.. left.Distinct(StringComparer.Ordinal)])
        {
            Destroys = destroys,
            LacksRoles = !trial.HasRoles,
        };

        MendPlan Plan(Catalog from, Catalog to) => CatalogMending.Of(from, to,
        [
            .. diff.Changes.Select(change => isBack ? change.Reversed : change)
                .Select(change => change with { From = from[change.Name], To = to[change.Name] }),
        ]);
    }
}
