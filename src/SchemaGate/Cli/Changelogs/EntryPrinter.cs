namespace SchemaGate.Cli.Changelogs;

/// <summary>Prints entries for people: a table, or one of them in full.</summary>
internal static class EntryPrinter
{
    private static readonly string[] s_headings = ["STATUS", "NAME", "DATE", "RISK", "DESCRIPTION"];
    private static readonly string[] s_dates = ["Date Deployed", "Date Migrated", "Date Added"];

    public static void Print(EntriesReport report, StyledText text)
    {
        if (report.Entries.Count == 0)
        {
            text.Line("There are no such entries.");
            return;
        }

        List<string[]> rows = [.. report.Entries.Select(Row)];
        int[] widths = [.. s_headings.Select((heading, column) => Math.Max(heading.Length, rows.Max(row => row[column].Length)))];
        text.Line(Padded(s_headings, widths), Style.Bold);
        foreach (string[] row in rows)
        {
            text.Write(row[0].PadRight(widths[0]), StyleOf(row[0]));
            text.Line(Padded(row, widths)[widths[0]..]);
        }
    }

    public static void Print(EntryReport entry, string document, StyledText text)
    {
        text.Write(entry.Name, Style.Bold).Write("  ");
        text.Line(entry.Status, StyleOf(entry.Status));
        text.Line($"{document}:{entry.Line}", Style.Dim);
        text.Line();
        foreach (EntryField field in entry.Fields)
        {
            text.Line(field.Label.Length == 0 ? $"- {field.Text}" : $"{field.Label}: {field.Text}".TrimEnd());
            foreach (string item in field.Items)
            {
                text.Line($"  - {item}");
            }
        }

        text.Section("Findings", [.. entry.Findings.Select(finding => $"{finding.Line}: {finding.Message}")]);
    }

    private static string[] Row(EntryReport entry) =>
    [
        entry.Status, entry.Name, s_dates.Select(entry.Field).FirstOrDefault(date => date?.Length > 0) ?? "", entry.Risk ?? "",
        entry.Field("Description") ?? "",
    ];

    private static string Padded(string[] row, int[] widths) =>
        string.Join("  ", row.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd();

    private static Style StyleOf(string status) => status switch
    {
        "PENDING" => Style.Red,
        "MIGRATED" => Style.Yellow,
        _ => Style.Green,
    };
}
