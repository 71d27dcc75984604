using System.Globalization;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// When the API server did not ask about what it is to ask about, because somebody had deleted or changed the webhooks: what was made then
/// was never judged. Thread-safe.
/// </summary>
internal sealed class UnaskedTimes
{
    private const int Most = 20;

    private volatile IReadOnlyList<Gap> gaps = [];

    /// <summary>Whether something that was made at that time may not have been asked about.</summary>
    public bool Cover(DateTime? at) => at.ToOffset() is { } time && gaps.Any(gap => gap.From <= time && time <= gap.Until);

    /// <summary>As <see cref="With"/> has written it; what cannot be read is absent.</summary>
    public void Follow(string text) => gaps = Read(text);

    /// <returns>The earlier times and this one, the newest last; one that goes on is one.</returns>
    public static string With(string text, DateTimeOffset from, DateTimeOffset until)
    {
        List<Gap> known = [.. Read(text)];
        // Objects' times are of whole seconds.
        Gap gap = new(DateTimeOffset.FromUnixTimeSeconds(from.ToUnixTimeSeconds()), until);
        if (known is [.., { } last] && gap.From <= last.Until)
        {
            known.RemoveAt(known.Count - 1);
            gap = gap with { From = last.From < gap.From ? last.From : gap.From };
        }

        return string.Concat(known.Append(gap).TakeLast(Most).Select(each => string.Create(
            CultureInfo.InvariantCulture, $"{each.From.ToUnixTimeSeconds()} {each.Until.ToUnixTimeSeconds()}\n")));
    }

    private static List<Gap> Read(string text) => [.. text.Split('\n').Select(line => line.Split(' ')).Where(line =>
            line.Length == 2 && line.All(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        .Select(line => new Gap(Seconds(line[0]), Seconds(line[1])))];

    private static DateTimeOffset Seconds(string text) =>
        DateTimeOffset.FromUnixTimeSeconds(int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));

    private sealed record Gap(DateTimeOffset From, DateTimeOffset Until);
}
