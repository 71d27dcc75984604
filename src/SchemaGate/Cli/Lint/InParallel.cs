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
        => Select<T, TResult, TResult>(items, work, result => () => result);

    /// <param name="items">What there is to do.</param>
    /// <param name="first">Done at once.</param>
    /// <param name="inOrder">Done in the order of the items, never twice at once; what it gives is done at once again.</param>
    /// <returns>One result for each item, in order.</returns>
    public static TResult[] Select<T, TFirst, TResult>(
        IReadOnlyList<T> items, Func<T, TFirst> first, Func<TFirst, Func<TResult>> inOrder)
    {
        TResult[] results = new TResult[items.Count];
        (int taken, int turn) = (-1, 0);
        ExceptionDispatchInfo? failure = null;
        object gate = new();

        Func<TResult>? InTurn(int index, TFirst value)
        {
            lock (gate)
            {
                while (turn != index && failure is null)
                {
                    Monitor.Wait(gate);
                }

                Func<TResult>? last = failure is null ? inOrder(value) : null;
                turn++;
                Monitor.PulseAll(gate);
                return last;
            }
        }

        void Work()
        {
            try
            {
                for (int index; (index = Interlocked.Increment(ref taken)) < items.Count;)
                {
                    if (InTurn(index, first(items[index])) is not { } last)
                    {
                        return;
                    }

                    results[index] = last();
                }
            }
            catch (Exception exception)
            {
                lock (gate)
                {
                    failure ??= ExceptionDispatchInfo.Capture(exception);
                    Monitor.PulseAll(gate);
                }
            }
        }

        int threads = items.Count < Few ? 1 : Math.Min(MostThreads, Environment.ProcessorCount);
        Task[] others = [.. Enumerable.Range(1, threads - 1).Select(_ => Task.Run(Work))];
        Work();
        Task.WaitAll(others);
        failure?.Throw();
        return results;
    }
}
