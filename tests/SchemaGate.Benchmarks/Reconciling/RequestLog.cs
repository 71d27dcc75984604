using System.Collections.Concurrent;
using System.Diagnostics;

namespace SchemaGate.Benchmarks.Reconciling;

/// <summary>Every HTTP request that this process sends while the log is open, as the runtime's own tracing reports it.</summary>
internal sealed class RequestLog : IDisposable
{
    private readonly ConcurrentQueue<(string Method, Uri Address)> requests = new();
    private readonly ActivityListener listener;

    public RequestLog()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("url.full") is string address)
                {
                    requests.Enqueue(((string)activity.GetTagItem("http.request.method")!, new(address)));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Must be called before the process's first request: the runtime otherwise leaves queries out.</summary>
    public static void KeepQueries() => AppContext.SetSwitch("System.Net.Http.DisableUriRedaction", true);

    /// <summary>Those to one server, without a watch that began again in the meantime.</summary>
    public IReadOnlyList<(string Method, Uri Address)> To(Uri server) =>
        [.. requests.Where(request => request.Address.Authority == server.Authority
            && !request.Address.Query.Contains("watch=true", StringComparison.Ordinal))];

    public void Dispose() => listener.Dispose();
}
