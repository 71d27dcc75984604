namespace SchemaGate.Cli.Changelogs;

/// <summary>Prints a checklist.</summary>
internal static class ChecklistPrinter
{
    public static void Print(string format, ChecklistReport report, Shell shell, TextWriter output)
    {
        switch (format)
        {
            case "json":
                CliJson.Write(output, report, CliJson.Relaxed.ChecklistReport);
                break;
            case "markdown":
                StyledText plain = new(output, isColoured: false);
                plain.Line($"### {report.Name}");
                plain.Line();
                foreach (ChecklistLine line in report.Items)
                {
                    string box = line.State == "yes" ? "[x]" : "[ ]";
                    plain.Line($"- {box} {line.Item} - {(line.State == "no" ? "**no:** " : "")}{line.Says}");
                }

                break;
            default:
                StyledText text = shell.Text(output);
                text.Line(report.Name, Style.Bold);
                foreach (ChecklistLine line in report.Items)
                {
                    text.Line($"  {line.State,-4}  {line.Item}: {line.Says}", StyleOf(line.State));
                }

                break;
        }
    }

    private static Style StyleOf(string state) => state switch
    {
        "yes" => Style.Green,
        "no" => Style.Red,
        _ => Style.Plain,
    };
}
