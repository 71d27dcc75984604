using System.CommandLine;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Scratch;

namespace SchemaGate.Cli.Diff;

/// <summary>Where scratch databases are made, and what is compared: the same for all sides of one command.</summary>
internal sealed record DiffTask(SchemaBuilder Builder, DiffScope Scope, TimeProvider Time)
{
    /// <exception cref="UsageException">Nothing says where a scratch database may be made, or a glob is none.</exception>
    public static async Task<DiffTask> OfAsync(ParseResult arguments, Shell shell, DiffSides sides, CancellationToken cancellation)
    {
        (DatabaseUrl server, ScratchOptions options) = await sides.ScratchAsync(cancellation);
        DiffScope scope = new(
            [options.Like?.Schema ?? server.Schema], arguments.GetValue(DiffOptions.Ignore) ?? [], arguments.GetValue(DiffOptions.Grants));
        return new(new SchemaBuilder(server, options, shell.Time), scope, shell.Time);
    }

    public Task<SchemaDiff> ReadAsync(DiffSide from, DiffSide to, CancellationToken cancellation) =>
        SchemaDiff.ReadAsync(from, to, Scope, Builder, Time, cancellation);
}
