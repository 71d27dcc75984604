namespace SchemaGate.Operator.Serving;

/// <summary>How the parts of the process begin and end.</summary>
internal static class ProcessLife
{
    /// <summary>
    /// Runs until told to end. A stopping process is still asked for a while, and answers from what it follows: that ends last. One of
    /// which a part has failed would live on and do half of its work: it ends, and is started again.
    /// </summary>
    /// <param name="following">What keeps that up to date which answers are made from.</param>
    /// <param name="acting">What ends at once.</param>
    /// <param name="delay">How long a stopping process still answers.</param>
    /// <param name="time">Measures the delay.</param>
    /// <param name="ending">Tells it to end.</param>
    public static async Task RunAsync(
        IReadOnlyList<Func<CancellationToken, Task>> following, IReadOnlyList<Func<CancellationToken, Task>> acting, TimeSpan delay,
        TimeProvider time, CancellationTokenSource ending)
    {
        using CancellationTokenSource answering = new();
        Task followers = Task.WhenAll([.. following.Select(part => EndingAllAsync(part(answering.Token), ending))]);
        try
        {
            await Task.WhenAll(acting.Select(part => EndingAllAsync(part(ending.Token), ending)));
            await Task.Delay(Timeout.InfiniteTimeSpan, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(delay, time, CancellationToken.None);
        }
        finally
        {
            await answering.CancelAsync();
        }

        await followers;
    }

    private static async Task EndingAllAsync(Task part, CancellationTokenSource ending)
    {
        try
        {
            await part;
        }
        catch
        {
            await ending.CancelAsync();
            throw;
        }
    }
}
