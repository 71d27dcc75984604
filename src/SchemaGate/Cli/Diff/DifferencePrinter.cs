using System.Collections.Immutable;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core;
using SchemaGate.Core.Catalogs;

namespace SchemaGate.Cli.Diff;

/// <summary>Prints what two schemas differ in, for people.</summary>
internal static class DifferencePrinter
{
    private const int LongestFact = 100;
    private const int MostLines = 20;

    /// <param name="diff">What differs.</param>
    /// <param name="next">Commands that go on from here.</param>
    /// <param name="text">Where to.</param>
    public static void Print(SchemaDiff diff, IReadOnlyList<string> next, StyledText text)
    {
        text.Line($"from  {diff.From.Side.Name}", Style.Dim);
        text.Line($"to    {diff.To.Side.Name}", Style.Dim);
        text.Line();
        if (diff.Changes.IsEmpty)
        {
            text.Line("No difference.", Style.Green);
        }
        else
        {
            // What is a part of a table that is missing, or too much, goes without saying.
            ImmutableArray<CatalogChange> outermost = CatalogChanges.Outermost(diff.Changes);
            foreach (CatalogChange change in outermost)
            {
                Print(change, text);
            }

            foreach (CatalogRename rename in CatalogRenames.Likely(diff.Changes))
            {
                text.Line($"  {rename.Missing.Name} may have been renamed to {rename.Extra.Name}.", Style.Dim);
            }

            text.Line();
            text.Line(Count(outermost));
        }

        text.Section("Notes", diff.Notes);
        text.Section("Next", next);
    }

    private static void Print(CatalogChange change, StyledText text)
    {
        (char sign, Style style) = (change.From, change.To) switch
        {
            (null, _) => ('+', Style.Green),
            (_, null) => ('-', Style.Red),
            _ => ('~', Style.Yellow),
        };
        text.Write($"{sign} ", style).Line($"{CatalogWords.Kind(change.Name.Kind)} {change.Name}".Trim());
        foreach (string fact in change.Facts)
        {
            Print(fact, change.From![fact], change.To![fact], text);
        }
    }

    /// <summary>A line where it fits on one; else the lines that differ.</summary>
    private static void Print(string fact, string? from, string? to, StyledText text)
    {
        if (!$"{from}{to}".Contains('\n', StringComparison.Ordinal))
        {
            text.Line($"    {fact}: {Short(from)} → {Short(to)}");
            return;
        }

        text.Line($"    {fact}:");
        // The two lines that name files say nothing here.
        string[] lines = [.. UnifiedDiff.Of(from ?? "", to ?? "", fact).Skip(2).Where(line => !line.StartsWith('\\'))];
        foreach (string line in lines.Take(MostLines))
        {
            text.Line($"      {line}", line switch { ['-', ..] => Style.Red, ['+', ..] => Style.Green, _ => Style.Dim });
        }

        if (lines.Length > MostLines)
        {
            text.Line($"      … {lines.Length - MostLines} more lines", Style.Dim);
        }
    }

    private static string Short(string? value) => value is null ? "none" : BoundedText.Of(value, LongestFact);

    private static string Count(ImmutableArray<CatalogChange> changes)
    {
        int added = changes.Count(change => change.From is null);
        int missing = changes.Count(change => change.To is null);
        string all = changes.Length == 1 ? "1 difference" : $"{changes.Length} differences";
        return $"{all}: {added} added, {missing} missing, {changes.Length - added - missing} changed.";
    }
}
