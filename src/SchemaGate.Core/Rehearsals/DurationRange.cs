using System.Globalization;

namespace SchemaGate.Core.Rehearsals;

/// <summary>An estimate, from a fast server that is idle to a slow one that is not.</summary>
public readonly record struct DurationRange(TimeSpan Least, TimeSpan Most)
{
    /// <summary>What people would say: nothing between these is told apart.</summary>
    private static readonly (double Seconds, string Words)[] s_steps =
    [
        (1, "1 s"), (2, "2 s"), (5, "5 s"), (10, "10 s"), (20, "20 s"), (30, "30 s"), (60, "1 min"), (120, "2 min"), (300, "5 min"),
        (600, "10 min"), (1200, "20 min"), (1800, "30 min"), (3600, "1 h"), (7200, "2 h"), (18_000, "5 h"), (36_000, "10 h"),
        (86_400, "a day"),
    ];

    public static DurationRange None { get; }

    /// <summary>Too short to be told from the wait for the lock itself.</summary>
    public bool IsBrief => Most < TimeSpan.FromSeconds(1);

    public static DurationRange operator +(DurationRange one, DurationRange other) => new(one.Least + other.Least, one.Most + other.Most);

    /// <summary><c>moments</c>, <c>up to 5 s</c>, <c>10 s to 2 min</c>: the least is rounded down and the most up.</summary>
    public override string ToString()
    {
        if (IsBrief)
        {
            return "moments";
        }

        double most = Most.TotalSeconds;
        string longest = Array.Find(s_steps, step => step.Seconds >= most).Words ?? "days";
        double least = Least.TotalSeconds;
        string? shortest = Array.FindLast(s_steps, step => step.Seconds <= least).Words;
        return (shortest, longest) switch
        {
            (null, _) => $"up to {longest}",
            ("a day", "days") => "more than a day",
            _ => string.Create(CultureInfo.InvariantCulture, $"{shortest} to {longest}"),
        };
    }
}
