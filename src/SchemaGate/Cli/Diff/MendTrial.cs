using SchemaGate.Core.Catalogs;
using SchemaGate.Core.Catalogs.Mending;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>Runs the SQL in scratch databases that are like the side that it is for.</summary>
/// <param name="diff">The sides.</param>
/// <param name="origin">The one that is changed.</param>
/// <param name="goal">What it is to be, with no more rights than the plan gives.</param>
/// <param name="plan">
/// The plan from one catalog to another. It is made again without the rights of roles that the scratch server lacks.
/// </param>
/// <param name="builder">Makes the scratch databases.</param>
internal sealed class MendTrial(
    SchemaDiff diff, ReadSide origin, ReadSide goal, Func<Catalog, Catalog, MendPlan> plan, SchemaBuilder builder)
{
    /// <summary>Whether the scratch server has all roles that are granted something; else those grants have not run.</summary>
    public bool HasRoles { get; private set; } = true;

    /// <summary>All of it; what differs then, or why it does not run.</summary>
    /// <exception cref="DatabaseException">There can be no scratch database.</exception>
    public Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellation) =>
        RunAsync("The SQL", new(AllowDestructive: true), cancellation);

    /// <summary>What is left of it where all that destroys is a comment; why it does not run.</summary>
    /// <exception cref="DatabaseException">There can be no scratch database.</exception>
    public Task<IReadOnlyList<string>> HeldBackAsync(CancellationToken cancellation) =>
        RunAsync("Without what loses something (--allow-destructive), the SQL", new(AllowDestructive: false), cancellation);

    private async Task<IReadOnlyList<string>> RunAsync(string name, MendScriptOptions options, CancellationToken cancellation)
    {
        bool isRead = origin.Side.Database is not null;
        await using ScratchDatabase scratch = isRead
            ? await builder.EmptyAsync(cancellation)
            : await builder.BuildAsync(origin.Side.Source, cancellation);
        IReadOnlySet<string> roles = await ServerRoles.ReadAsync(scratch.Url, cancellation);
        try
        {
            if (isRead && await CopyAsync(scratch, roles, cancellation) is { Length: > 0 } uncopied)
            {
                return [$"{origin.Side.Name} could not be copied whole for trying it: {string.Join("; ", uncopied)}."];
            }

            MendPlan tried = plan(CatalogRoles.On(roles, origin.Catalog), CatalogRoles.On(roles, goal.Catalog));
            HasRoles = tried.Statements.Select(statement => statement.Sql)
                .SequenceEqual(plan(origin.Catalog, goal.Catalog).Statements.Select(statement => statement.Sql), StringComparer.Ordinal);
            await SchemaBuilder.RunAsync(scratch, new(name, MendScript.Text(tried, options)), cancellation);
        }
        catch (DatabaseException exception) when (exception.Kind == DatabaseFailure.MigrationFailed)
        {
            return [exception.Message];
        }

        return options.AllowDestructive ? await LeftAsync(scratch.Url, roles, cancellation) : [];
    }

    private async Task<IReadOnlyList<string>> LeftAsync(DatabaseUrl scratch, IReadOnlySet<string> roles, CancellationToken cancellation)
    {
        Catalog after = await diff.ReadAsync(scratch, cancellation);
        return
        [
            .. CatalogComparison.Compare(CatalogRoles.On(roles, goal.Catalog), after, diff.Scope)
                .Select(change => $"{CatalogWords.Of(change, goal.Side.Word)}."),
        ];
    }

    /// <summary>Makes an empty scratch database like the side, which is only read; what differs from it then.</summary>
    private async Task<string[]> CopyAsync(ScratchDatabase copy, IReadOnlySet<string> roles, CancellationToken cancellation)
    {
        Catalog whole = await WithNeedsAsync(origin.Side.Database!, cancellation);
        await CatalogCopy.FillAsync(copy, whole, roles, "A copy", diff.Time, cancellation);
        Catalog made = await diff.ReadAsync(copy.Url, cancellation);
        return
        [
            .. CatalogComparison.Compare(CatalogRoles.On(roles, origin.Catalog), made, diff.Scope)
                .Select(change => CatalogWords.Of(change, "the database")),
        ];
    }

    /// <summary>The side, and what it needs of schemas that are not compared: a view may read others' tables.</summary>
    private async Task<Catalog> WithNeedsAsync(DatabaseUrl url, CancellationToken cancellation)
    {
        string[] schemas = [.. origin.Catalog.Schemas.Union(await UserSchemas.ReadAsync(url, cancellation), StringComparer.Ordinal)];
        if (schemas.Length == origin.Catalog.Schemas.Length)
        {
            return origin.Catalog;
        }

        Catalog wide = await diff.ReadAsync(url, schemas, cancellation);
        HashSet<CatalogName> kept = [.. origin.Catalog.Objects.Keys];
        Queue<CatalogName> open = new(kept);
        while (open.TryDequeue(out CatalogName? name))
        {
            foreach (CatalogName need in wide[name]?.Needs.Where(kept.Add) ?? [])
            {
                open.Enqueue(need);
            }
        }

        return wide with { Objects = wide.Objects.RemoveRange(wide.Objects.Keys.Where(name => !kept.Contains(name))) };
    }
}
