using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaGate.Api;

/// <summary>
/// A duration as Kubernetes manifests write it: <c>90s</c>, <c>5m</c>, <c>1h30m</c> (Go's time.ParseDuration, whole numbers).
/// </summary>
internal static partial class GateDuration
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Null for what is no duration, or one outside <see cref="Shortest"/> … <see cref="Longest"/>.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length > 20 || !Whole().IsMatch(text))
        {
            return null;
        }

        double seconds = Part().Matches(text).Sum(part => double.Parse(part.Groups["count"].ValueSpan, CultureInfo.InvariantCulture)
            * part.Groups["unit"].Value switch { "h" => 3600, "m" => 60, "s" => 1, _ => 0.001 });
        return seconds >= Shortest.TotalSeconds && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex("^(?:[0-9]+(?:h|ms|m|s))+\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex("(?<count>[0-9]+)(?<unit>h|ms|m|s)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
