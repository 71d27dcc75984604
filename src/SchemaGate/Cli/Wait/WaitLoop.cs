using SchemaGate.Kubernetes.Controllers;

namespace SchemaGate.Cli.Wait;

/// <summary>Asks about everything that is waited for until all are released at once.</summary>
/// <param name="client">Asks.</param>
/// <param name="interval">The first pause; it grows while nothing changes.</param>
/// <param name="timeout">When to give up; zero never does.</param>
/// <param name="tell">Told, in one line each, why the wait goes on.</param>
/// <param name="time">Measures.</param>
internal sealed class WaitLoop(VerdictClient client, TimeSpan interval, TimeSpan timeout, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(10);

    /// <summary>What is left of the time may be too short for any answer, and the last answer decides the exit code.</summary>
    private static readonly TimeSpan ShortestRequest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Repetition = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (WaitAnswer Answer, long At)> told = new(StringComparer.Ordinal);
    private readonly long start = time.GetTimestamp();

    /// <returns>The last answers: all released, or the timeout has passed.</returns>
    public async Task<(TimeSpan Waited, IReadOnlyList<WaitAnswer> Answers)> RunAsync(
        IReadOnlyList<WaitTarget> targets, CancellationToken cancellation)
    {
        Backoff pauses = new(interval, interval > LongestPause ? interval : LongestPause);
        for (int unchanged = 0; ; unchanged++)
        {
            List<WaitAnswer> answers = [];
            foreach (WaitTarget target in targets)
            {
                answers.Add(await client.AskAsync(target, Limit(), cancellation));
            }

            if (answers.TrueForAll(answer => answer.Released))
            {
                return (time.GetElapsedTime(start), answers);
            }

            unchanged = Tell(answers) ? 0 : unchanged;
            TimeSpan pause = pauses.Delay(unchanged, Random.Shared.NextDouble());
            await Task.Delay(timeout > TimeSpan.Zero && Left() < pause ? Left() : pause, time, cancellation);
            if (timeout > TimeSpan.Zero && Left() <= TimeSpan.Zero)
            {
                return (time.GetElapsedTime(start), answers);
            }
        }
    }

    private TimeSpan Left() => timeout - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private TimeSpan Limit()
    {
        TimeSpan left = timeout == TimeSpan.Zero ? LongestRequest : Left();
        return new(Math.Clamp(left.Ticks, ShortestRequest.Ticks, LongestRequest.Ticks));
    }

    /// <summary>What is new at once, what is old every minute.</summary>
    /// <returns>Whether anything is new.</returns>
    private bool Tell(List<WaitAnswer> answers)
    {
        bool isNew = false;
        foreach (WaitAnswer answer in answers)
        {
            bool isChanged = !told.TryGetValue(answer.Name, out (WaitAnswer Answer, long At) before) || before.Answer != answer;
            isNew |= isChanged;
            if (isChanged || (!answer.Released && time.GetElapsedTime(before.At) >= Repetition))
            {
                told[answer.Name] = (answer, time.GetTimestamp());
                tell(answer.Released ? $"{answer.Name}: {answer.Done}" : $"{answer.Name}: waiting: {answer.Reason}: {answer.Message}");
            }
        }

        return isNew;
    }
}
