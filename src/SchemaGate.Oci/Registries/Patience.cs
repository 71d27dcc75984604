namespace SchemaGate.Oci.Registries;

/// <summary>How long one call waits: for each step, for the whole, and until its caller gives up.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationToken caller;
    private readonly RegistryLimits limits;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource step;
    private readonly CancellationTokenSource total;
    private readonly CancellationTokenSource linked;

    public Patience(RegistryLimits limits, TimeProvider time, CancellationToken caller)
    {
        (this.limits, this.time, this.caller) = (limits, time, caller);
        step = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        total = new CancellationTokenSource(limits.Total, time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(caller, step.Token, total.Token);
    }

    public CancellationToken Token => linked.Token;

    /// <summary>What ran out, in words; null when the caller cancelled, or nothing did.</summary>
    public string? Exhausted => this switch
    {
        { caller.IsCancellationRequested: true } => null,
        { total.IsCancellationRequested: true } => $"did not send the whole image within {limits.Total}",
        { step.IsCancellationRequested: true } => $"sent nothing for {limits.Silence}",
        _ => null,
    };

    public async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using (Step())
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        }
    }

    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer)
    {
        using (Step())
        {
            return await body.ReadAsync(buffer, Token);
        }
    }

    /// <summary>Waits before a request is repeated.</summary>
    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, time, Token);

    /// <summary>How long until then; negative for the past.</summary>
    public TimeSpan Until(DateTimeOffset then) => then - time.GetUtcNow();

    public void Dispose()
    {
        linked.Dispose();
        step.Dispose();
        total.Dispose();
    }

    private Armed Step()
    {
        step.CancelAfter(limits.Silence);
        return new Armed(step);
    }

    /// <summary>Time that is spent on expanding what came is not the registry's.</summary>
    private readonly struct Armed(CancellationTokenSource step) : IDisposable
    {
        public void Dispose() => step.CancelAfter(Timeout.InfiniteTimeSpan);
    }
}
