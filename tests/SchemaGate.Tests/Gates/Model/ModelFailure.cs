using System.Globalization;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>A world's beginning, and what happens in it step by step.</summary>
internal interface IModelSchedule
{
    int Count { get; }

    IModelSchedule Without(int step);

    /// <exception cref="ModelException">A promise was not kept.</exception>
    void Run(List<string>? trace);
}

/// <summary>A schedule by which a promise is broken, made as short as leaving out one step after the other makes it.</summary>
internal static class ModelFailure
{
    /// <summary>Runs the schedules of a seed and of those that follow it, on all cores.</summary>
    /// <param name="output">Is told the seed; <c>SCHEMAGATE_TEST_SEED</c> repeats one.</param>
    /// <param name="schedules">How many.</param>
    /// <param name="make">Makes one of a seed.</param>
    public static void Seek(ITestOutputHelper output, int schedules, Func<int, IModelSchedule> make)
    {
        string? again = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SEED");
        int seed = again is null ? Random.Shared.Next() : int.Parse(again, CultureInfo.InvariantCulture);
        output.WriteLine($"SCHEMAGATE_TEST_SEED={seed} repeats it");
        ParallelLoopResult result = Parallel.For(0, schedules, (number, loop) =>
        {
            if (Of(make(unchecked(seed + number))) is not null)
            {
                loop.Break();
            }
        });
        if (result.LowestBreakIteration is { } first)
        {
            seed = unchecked(seed + (int)first);
            Assert.Fail($"SCHEMAGATE_TEST_SEED={seed}: {Tell(make(seed))}");
        }
    }

    /// <summary>The promise that is broken; null where all are kept.</summary>
    private static ModelException? Of(IModelSchedule schedule, List<string>? trace = null)
    {
        try
        {
            schedule.Run(trace);
            return null;
        }
        catch (ModelException exception)
        {
            return exception;
        }
    }

    private static string Tell(IModelSchedule schedule)
    {
        ModelException failure = Of(schedule)!;
        IModelSchedule shortest = Shrunk(schedule, failure.Promise);
        List<string> trace = [];
        string message = Of(shortest, trace)!.Message;
        return $"{message}\n{shortest}\n\n{string.Join('\n', trace)}";
    }

    private static IModelSchedule Shrunk(IModelSchedule schedule, string promise)
    {
        for (int index = schedule.Count - 1; index >= 0; index--)
        {
            IModelSchedule shorter = schedule.Without(index);
            if (Of(shorter)?.Promise == promise)
            {
                // What is left may be left out only now.
                return Shrunk(shorter, promise);
            }
        }

        return schedule;
    }
}
