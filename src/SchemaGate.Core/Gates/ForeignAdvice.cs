using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates;

/// <summary>What a reason means where another tool than Prisma applies the migrations, as far as that is something else.</summary>
internal static class ForeignAdvice
{
    public static ReasonAdvice Of(string reason, ToolGuide tool, ReasonAdvice usual) => reason switch
    {
        Reasons.MigrationsInvalid => usual with { Meaning = $"{tool.Name} would refuse the image's migrations directory." },
        Reasons.PendingChanges => usual with { Next = [$"Create the migration with {tool.Name}.", .. usual.Next.Skip(1)] },
        Reasons.DatabaseMissing => usual with { Next = ["Create it.", .. usual.Next.Skip(1)] },
        Reasons.DatabaseAccessDenied => usual with
        {
            Next = [ReasonGuide.UrlSecret, $"Mend user and password, or grant the role to read the history: {Grant(tool)}."],
        },
        Reasons.HistoryUnreadable => usual with
        {
            Next =
            [
                ReasonGuide.History,
                $"Grant the role to read it: {Grant(tool)}.",
                "Name the tool that is meant in spec.database.tool.",
            ],
        },
        Reasons.BaselineRequired => Baseline(tool),
        Reasons.Migrating => usual with { Next = [.. usual.Next, .. Unlock(tool)] },
        Reasons.MigrationFailed => new(
            "A migration was begun and has not finished, and nobody runs; or a run of it failed. No waiting ends it.",
            [ReasonGuide.History, ReasonGuide.Retry, $"See what of it is in the database, then {tool.AfterFailure}.", .. Unlock(tool)]),
        Reasons.HistoryRegressed => usual with
        {
            Next =
            [
                ReasonGuide.History,
                Apply(tool),
                $"Where only the history was lost, and the schema has what the migration does: put its row back into {tool.Table}.",
            ],
        },
        Reasons.MigrationEdited => usual with
        {
            Next = [.. usual.Next.SkipLast(1), .. Accept(tool)],
        },
        _ when usual.Next.Contains(ReasonGuide.Apply, StringComparer.Ordinal) => usual with
        {
            Next = [.. usual.Next.Select(step => step == ReasonGuide.Apply ? Apply(tool) : step)],
        },
        _ => usual,
    };

    private static string Apply(ToolGuide tool) => $"Apply the image's migrations: `{tool.Apply}`, in a checkout of that version.";

    private static ReasonAdvice Baseline(ToolGuide tool) => tool.Baseline is { } baseline
        ? new(
            $"The schema has tables and no history of migrations, which {tool.Name} refuses.",
            [$"Record once what is there: `{baseline}`."])
        : new(
            $"The schema has tables and no history of migrations, which {tool.Name} takes as it is: no gate says so with it.",
            [Apply(tool)]);

    private static IEnumerable<string> Accept(ToolGuide tool) =>
        tool.AcceptEdit is { } accept ? [$"Or, where the edit changes nothing that ran: `{accept}`."] : [];

    private static string Grant(ToolGuide tool) =>
        $"`GRANT SELECT ON {(tool.Table.Any(char.IsAsciiLetterUpper) ? $"\"{tool.Table}\"" : tool.Table)} TO <role>`";

    private static IEnumerable<string> Unlock(ToolGuide tool)
        => tool.AfterCrash is { } command ? [$"If nobody runs, a dead run has left its lock: `{command}`."] : [];
}
