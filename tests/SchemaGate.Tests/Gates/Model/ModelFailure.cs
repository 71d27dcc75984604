namespace SchemaGate.Tests.Gates.Model;

/// <summary>A schedule by which a promise is broken, made as short as leaving out one step after the other makes it.</summary>
internal static class ModelFailure
{
    /// <summary>The promise that is broken; null where all are kept.</summary>
    public static ModelException? Of(ModelSchedule schedule, List<string>? trace = null)
    {
        try
        {
            new ModelWorld(schedule, trace).Run(schedule.Steps);
            return null;
        }
        catch (ModelException exception)
        {
            return exception;
        }
    }

    public static string Tell(ModelSchedule schedule)
    {
        ModelException failure = Of(schedule)!;
        ModelSchedule shortest = Shrunk(schedule, failure.Promise);
        List<string> trace = [];
        string message = Of(shortest, trace)!.Message;
        return $"{message}\n{shortest}\n\n{string.Join('\n', trace)}";
    }

    private static ModelSchedule Shrunk(ModelSchedule schedule, string promise)
    {
        for (int index = schedule.Steps.Count - 1; index >= 0; index--)
        {
            ModelSchedule shorter = schedule with { Steps = [.. schedule.Steps.Where((_, at) => at != index)] };
            if (Of(shorter)?.Promise == promise)
            {
                // What is left may be left out only now.
                return Shrunk(shorter, promise);
            }
        }

        return schedule;
    }
}
