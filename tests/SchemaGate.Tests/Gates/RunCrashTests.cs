using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using static SchemaGate.Tests.Gates.Given;

namespace SchemaGate.Tests.Gates;

/// <summary>
/// An operator that is killed between any two steps of a run, and started again: it knows what status says and nothing else.
/// </summary>
public sealed class RunCrashTests
{
    private const int Steps = 9;

    /// <summary>Where it is killed, a bit for each step: before status is written, or after it and before the step is taken.</summary>
    public static TheoryData<int> Kills => [.. Enumerable.Range(0, 1 << Steps)];

    [Theory]
    [MemberData(nameof(Kills))]
    public void Whenever_it_is_killed_there_is_one_Job_and_one_outcome(int kills)
    {
        World world = new(failures: 0);
        world.Run(kills);
        Assert.Single(world.Jobs);
        Assert.Equal((Reasons.Open, RunResult.Succeeded), (world.Last.Reason, world.Last.Run!.Result));
    }

    [Theory]
    [MemberData(nameof(Kills))]
    public void Whenever_it_is_killed_a_failure_is_followed_by_one_more_Job_after_its_pause(int kills)
    {
        World world = new(failures: 1);
        world.Run(kills);
        Assert.Equal(2, world.Jobs.Count);
        Assert.Equal(Reasons.Open, world.Last.Reason);
    }

    /// <summary>A cluster and a database: Jobs end at the second look at them.</summary>
    private sealed class World(int failures)
    {
        private readonly Dictionary<string, int> looks = new(StringComparer.Ordinal);
        private RunRecord? status;
        private int applied = 1;
        private DateTimeOffset now = Now;

        public HashSet<string> Jobs { get; } = new(StringComparer.Ordinal);

        public Decision Last { get; private set; } = null!;

        public void Run(int kills)
        {
            for (int step = 0; step < 40; step++)
            {
                bool isKilled = step / 2 < Steps && (kills & (1 << (step / 2))) != 0;
                now += TimeSpan.FromSeconds(3);
                // As the operator does: the Job first, so that the history is newer than its end.
                JobObservation? observed = Observe();
                Last = GateDecision.Decide(Input(3, applied).AsJob().Having(status, observed) with { Now = now });
                if (isKilled && step % 2 == 0)
                {
                    continue;
                }

                status = Last.Run;
                if (!isKilled && Last.Action is RunAction.Start { Record.Job: var job })
                {
                    // Making it again finds it there.
                    Jobs.Add(job);
                }
            }
        }

        private JobObservation? Observe()
        {
            if (status is not { IsActive: true } record || !Jobs.Contains(record.Job))
            {
                return null;
            }

            looks[record.Job] = looks.GetValueOrDefault(record.Job) + 1;
            bool finished = looks[record.Job] > 1;
            bool fails = Jobs.Count <= failures;
            applied = finished && !fails ? 3 : applied;
            RunFailure? failure = fails ? new(FailureClass.Transient, "LockUnavailable", "locked") : null;
            return new(record.Job, now, finished, finished && !fails, finished ? new([], 0, 0, failure) : null, null);
        }
    }
}
