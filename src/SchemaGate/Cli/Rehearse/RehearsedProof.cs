using System.CommandLine;
using SchemaGate.Cli.Prove;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Proofs;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Applying;
using SchemaGate.Postgres.Proving;
using SchemaGate.Postgres.Scratch;
using SchemaGate.Postgres.Tracing;

namespace SchemaGate.Cli.Rehearse;

/// <summary><c>--statements</c> of <c>rehearse</c>: what <see cref="ProveCommand"/> says, of the same migrations.</summary>
internal static class RehearsedProof
{
    private const string Nothing = "none";

    public static Option<string> Statements { get; } = new("--statements")
    {
        HelpName = "FILE",
        Description = "Say which statements of running code break, too, as `schemagate prove` does: a file, - or live; none does not.",
        DefaultValueFactory = _ => Nothing,
    };

    /// <summary>The same report with what becomes of the statements; a migration that fails has said enough.</summary>
    /// <param name="report">The rehearsal's.</param>
    /// <param name="plan">What it rehearsed.</param>
    /// <param name="builder">Makes scratch databases, as the rehearsal's.</param>
    /// <param name="script">A migration's file by its name.</param>
    /// <param name="arguments">Say which statements are meant.</param>
    /// <param name="shell">The process's surroundings.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RehearseReport> AddAsync(
        RehearseReport report, RehearsalPlan plan, SchemaBuilder builder, Func<string, string> script, ParseResult arguments, Shell shell,
        CancellationToken cancellation)
    {
        string source = arguments.GetValue(Statements)!;
        if (source == Nothing || plan.Pending.Count == 0 || report.Migrations.Any(migration => migration.Failure is not null))
        {
            return report;
        }

        try
        {
            ShapeReading reading = await ShapeSource.ReadAsync(source, role: null, shell, plan.Live, cancellation);
            MigrationSet applied = new([.. plan.Set.Migrations.Where(migration => plan.Applied.Contains(migration.Name))], [])
            {
                Tool = plan.Set.Tool,
            };
            await using ScratchDatabase scratch = plan.IsLikeLive
                ? await LiveScratch.BuildAsync(builder, plan.Live!, applied, shell.Time, cancellation)
                : await builder.BuildAsync(applied, cancellation);
            Proof proof = await ProofRun.RunAsync(scratch.Url, [], plan.Pending, reading.Shapes, cancellation);
            return report.With(ProveReport.Of(proof, reading, report.Location, script)
                .Explained(ShapeSource.None(source, role: null)));
        }
        catch (DatabaseException exception) when (IsPermanent(exception))
        {
            return report with
            {
                StatementsUnread = exception.Message,
                Notes = [.. report.Notes, $"Statements were not proved: {exception.Message}"],
            };
        }
    }

    /// <summary>What passes is thrown on: whoever started the rehearsal tries it again, and finds the statements out, too.</summary>
    private static bool IsPermanent(DatabaseException exception) =>
        new ApplyFailure(exception.Kind, exception.Message, []).Class == FailureClass.Permanent;
}
