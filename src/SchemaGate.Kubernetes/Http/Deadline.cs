using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace SchemaGate.Kubernetes.Http;

/// <summary>A limit in time beside the caller's cancellation, and the words for what went wrong within it.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource linked;
    private TimeSpan limit;

    public Deadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        this.limit = limit;
        this.caller = caller;
        timer = new(limit, time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(caller, timer.Token);
    }

    /// <summary>Starts the time again with another limit.</summary>
    public void Restart(TimeSpan newLimit)
    {
        limit = newLimit;
        timer.CancelAfter(newLimit);
    }

    /// <summary>Runs one step; the caller's own cancellation comes out as such.</summary>
    public async Task<T> GuardAsync<T>(string what, Func<CancellationToken, Task<T>> step)
    {
        try
        {
            return await step(linked.Token);
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        catch (OperationCanceledException e)
        {
            var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new KubernetesException(StatusReason.Timeout, $"{what}: no answer within {seconds} s", retryable: true, inner: e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new KubernetesException(StatusReason.TooLarge, $"{what}: the answer is larger than this client reads", inner: e);
        }
        // A connection that is reset just after it was made comes out of the runtime's pool as it is.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            var message = $"{what}: the connection failed: {Innermost(e).Message}";
            throw new KubernetesException(StatusReason.Unreachable, message, retryable: true, inner: e);
        }
        catch (JsonException e)
        {
            throw new KubernetesException(StatusReason.MalformedResponse, $"{what}: the answer cannot be read: {e.Message}", inner: e);
        }
    }

    public void Dispose()
    {
        linked.Dispose();
        timer.Dispose();
    }

    // The outer messages say only "see inner exception" where it matters most, as for an untrusted certificate.
    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
