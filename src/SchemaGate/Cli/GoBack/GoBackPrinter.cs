using SchemaGate.Cli.Prove;
using SchemaGate.Core.Proofs;

namespace SchemaGate.Cli.GoBack;

/// <summary>Prints a report for people.</summary>
internal static class GoBackPrinter
{
    public static void Print(GoBackReport report, StyledText text)
    {
        text.Line(report.Message, StyleOf(report.Result));
        if (report.Requires is { } requires)
        {
            text.Line();
            text.Write(report.Target, Style.Bold).Line($"  back to {requires}");
            Revisions(report, text);
            Migrations(report, text);
            if (report.Hold is { } hold)
            {
                text.Line($"  {hold}");
            }
        }

        if (report.Statements is { } proof)
        {
            text.Line();
            ProvePrinter.Print(proof, text);
        }

        Drifted(report.Drifted ?? [], text);
        foreach (string note in report.Notes)
        {
            text.Line(note, Style.Dim);
        }

        text.Section("Next", report.Next);
    }

    private static void Drifted(IReadOnlyList<DriftedStatement> statements, StyledText text)
    {
        if (statements.Count > 0)
        {
            text.Line();
            text.Line("Changed by hand", Style.Bold);
        }

        foreach (DriftedStatement statement in statements)
        {
            text.Write("  broken", Style.Red).Line($"  {new StatementShape(statement.Statement).Line}");
            text.Line($"    {statement.Message}");
        }
    }

    private static Style StyleOf(string result) => result switch
    {
        "safe" => Style.Green,
        "unknown" => Style.Yellow,
        _ => Style.Red,
    };

    private static void Revisions(GoBackReport report, StyledText text)
    {
        foreach (GoBackRevision revision in report.Revisions)
        {
            string number = revision.Revision is { } counted ? FormattableString.Invariant($"revision {counted}") : "a revision";
            text.Line($"  {number} ({revision.Name}) requires it");
        }

        if (report.Revisions.Count == 0)
        {
            text.Line("  no revision on record requires it");
        }
    }

    private static void Migrations(GoBackReport report, StyledText text)
    {
        foreach (GoBackMigration migration in report.Migrations)
        {
            text.Write($"  the database has {migration.Name}, which it lacks");
            (string said, Style style) = migration switch
            {
                { Broken: > 0 and var broken } => ($": breaks {broken} of the statements below", Style.Red),
                { Risk: "Safe" } => ("", Style.Plain),
                _ => ($": {migration.Message}", Style.Yellow),
            };
            text.Line(said, style);
        }

        foreach (string name in report.Missing)
        {
            text.Line($"  the database lacks {name}, which it requires", Style.Red);
        }
    }
}
