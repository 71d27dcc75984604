using System.Globalization;

namespace SchemaGate.Cli;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>; <c>0</c> needs no unit.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
        [
            ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
            ("h", TimeSpan.FromHours(1)),
        ];

    /// <summary>No timeout of a command is longer: a day.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text == "0")
        {
            return true;
        }

        (string Unit, TimeSpan Length) unit = Array.Find(Units, known => text.EndsWith(known.Unit, StringComparison.Ordinal));
        if (unit.Unit is null
            || !double.TryParse(text[..^unit.Unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            || count * unit.Length.TotalSeconds > Longest.TotalSeconds)
        {
            return false;
        }

        duration = count * unit.Length;
        return true;
    }

    public static string Write(TimeSpan duration) => duration < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s");
}
