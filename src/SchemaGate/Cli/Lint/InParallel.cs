using System.Runtime.ExceptionServices;

namespace SchemaGate.Cli.Lint;

/// <summary>The same work for each of many files, on all cores but not on a whole server's.</summary>
internal static class InParallel
{
    /// <summary>Each may hold a large file's tree.</summary>
    private const int MostThreads = 4;

    /// <summary>So few are done before a second thread has begun.</summary>
    private const int Few = 8;

    /// <returns>One result for each item, in order.</returns>
    public static TResult[] Select<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work)
    {
        TResult[] results = new TResult[items.Count];
        ParallelOptions options =
            new() { MaxDegreeOfParallelism = items.Count < Few ? 1 : Math.Min(MostThreads, Environment.ProcessorCount) };
        try
        {
            Parallel.For(0, items.Count, options, index => results[index] = work(items[index]));
            return results;
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            throw;
        }
    }
}
