using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaGate.Postgres.Tests.Mending;

/// <summary>Lines for some majors of the server: <c>[15-] </c> before one is for 15 and newer, <c>[-14] </c> for 14 and older.</summary>
internal static partial class MajorLines
{
    public static IEnumerable<string> Of(IEnumerable<string> lines, int major) =>
        lines.Select(line => (Line: line, Match: Range().Match(line))).Where(item => IsWithin(item.Match, major))
            .Select(item => item.Line[item.Match.Length..]);

    private static bool IsWithin(Match range, int major) =>
        major >= Bound(range, "first", int.MinValue) && major <= Bound(range, "last", int.MaxValue);

    private static int Bound(Match range, string group, int none) =>
        range.Groups[group] is { Success: true, Length: > 0 } bound ? int.Parse(bound.Value, CultureInfo.InvariantCulture) : none;

    [GeneratedRegex(@"^\[(?<first>\d*)-(?<last>\d*)\] ", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Range();
}
