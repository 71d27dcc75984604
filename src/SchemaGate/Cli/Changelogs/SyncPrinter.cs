using System.CommandLine;

namespace SchemaGate.Cli.Changelogs;

/// <summary>Prints what a synced document says now.</summary>
internal static class SyncPrinter
{
    /// <param name="passed">The new text, where the document came by standard input: then it is the output, and words go beside it.</param>
    public static void Print(ParseResult arguments, Shell shell, SyncReport report, string? passed)
    {
        InvocationConfiguration streams = arguments.InvocationConfiguration;
        if (passed is not null)
        {
            streams.Output.Write(passed);
            Words(report, shell.Text(streams.Error));
        }
        else if (OutputOption.IsJson(arguments))
        {
            CliJson.Write(streams.Output, report, CliJson.Relaxed.SyncReport);
        }
        else
        {
            StyledText text = shell.Text(streams.Output);
            Words(report, text);
            DiffPrinter.Print(new(report.Document, report.Changed, report.Written, report.Diff), text);
        }
    }

    private static void Words(SyncReport report, StyledText text)
    {
        foreach (SyncedLine entry in report.Deployed)
        {
            text.Line($"{entry.Name} is deployed{(entry.Day is null ? "; nobody kept the day" : $" since {entry.Day}")}.", Style.Green);
        }

        foreach (SyncedLine entry in report.Dated)
        {
            text.Line($"{entry.Name} is in {entry.Environment} since {entry.Day}.");
        }

        foreach (string sentence in report.Told)
        {
            text.Line(sentence, Style.Yellow);
        }
    }
}
