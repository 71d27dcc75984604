using System.Collections.Immutable;
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
        ImmutableArray<CatalogChange> changes = isBack ? [.. diff.Changes.Select(change => change.Reversed)] : diff.Changes;
        MendPlan plan = CatalogMending.Of(origin.Catalog, goal.Catalog, changes);
        string all = MendScript.Text(plan, new(AllowDestructive: true));
        List<string> left = [.. plan.Left, .. await TryAsync(diff, origin, goal, all, builder, cancellation)];
        string text = allowDestructive ? all : MendScript.Text(plan, new(AllowDestructive: false));
        return new(left.Count == 0 ? text : Commented(all), [.. left.Distinct(StringComparer.Ordinal)])
        {
            Destroys = plan.Statements.Any(statement => statement.Destroys),
        };
    }

    private static async Task<IEnumerable<string>> TryAsync(
        SchemaDiff diff, ReadSide origin, ReadSide goal, string sql, SchemaBuilder builder, CancellationToken cancellation)
    {
        bool isRead = origin.Side.Database is not null;
        await using ScratchDatabase scratch = isRead
            ? await builder.EmptyAsync(cancellation)
            : await builder.BuildAsync(origin.Side.Source, cancellation);
        try
        {
            if (isRead && await CopyAsync(diff, origin, scratch, cancellation) is { Length: > 0 } uncopied)
            {
                return [$"{origin.Side.Name} could not be copied whole for trying it: {string.Join("; ", uncopied)}."];
            }

            await SchemaBuilder.RunAsync(scratch, new("The SQL", sql), cancellation);
        }
        catch (DatabaseException exception) when (exception.Kind == DatabaseFailure.MigrationFailed)
        {
            return [exception.Message];
        }

        Catalog after = await diff.ReadAsync(scratch.Url, cancellation);
        return CatalogComparison.Compare(goal.Catalog, after, diff.Scope).Select(change => $"{CatalogWords.Of(change, goal.Side.Word)}.");
    }

    /// <summary>A scratch database like one that is only read; what differs from it.</summary>
    private static async Task<string[]> CopyAsync(SchemaDiff diff, ReadSide origin, ScratchDatabase copy, CancellationToken cancellation)
    {
        CatalogScope everything = diff.Scope with { AllGrants = true, ToolTables = true, Ignore = [] };
        Catalog empty = await diff.ReadAsync(copy.Url, cancellation);
        MendPlan making = CatalogMending.Of(empty, origin.Catalog, CatalogComparison.Compare(empty, origin.Catalog, everything));
        await SchemaBuilder.RunAsync(copy, new("A copy", MendScript.Text(making, new(AllowDestructive: true))), cancellation);
        Catalog made = await diff.ReadAsync(copy.Url, cancellation);
        return [.. CatalogComparison.Compare(origin.Catalog, made, diff.Scope).Select(change => CatalogWords.Of(change, "the database"))];
    }

    private static string Commented(string text) =>
        string.Join('\n', text.TrimEnd('\n').Split('\n').Select(line => $"-- {line}".TrimEnd())) + "\n";
}
