using SchemaGate.Kubernetes.Controllers;

namespace SchemaGate.Operator.Serving;

/// <summary>
/// How often the webhooks are mended where somebody changes them as often as that is done, such as a policy that adds a selector to every
/// webhook: a few times at once, and then with pauses that grow, or the two would write for ever, every second. Not thread-safe.
/// </summary>
internal sealed class MendPace
{
    /// <summary>As often the same is mended at once.</summary>
    public const int Patience = 5;

    /// <summary>Who changes the same again only after as long, beyond the pause, does not fight.</summary>
    private static readonly TimeSpan Peace = TimeSpan.FromMinutes(5);

    private static readonly Backoff s_pauses = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    private string last = "";
    private int times;
    private DateTimeOffset at;

    /// <summary>How long the same difference is left alone after it was mended.</summary>
    public TimeSpan Pause => times < Patience ? TimeSpan.Zero : s_pauses.Delay(times - Patience, chance: 0);

    /// <summary>Whether this difference is to be left alone for now.</summary>
    public bool Holds(string differences, DateTimeOffset now) => differences == last && now - at < Pause;

    /// <summary>It is mended now.</summary>
    /// <returns>Whether pauses begin with this.</returns>
    public bool Mended(string differences, DateTimeOffset now)
    {
        times = differences == last && now - at < Pause + Peace ? times + 1 : 1;
        (last, at) = (differences, now);
        return times == Patience;
    }
}
