namespace SchemaGate.Kubernetes.Configuration;

/// <summary>A plugin's credential, kept until it expires or the server refuses it. The plugin runs once at a time.</summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : CredentialSource
{
    /// <summary>Between two runs that brought nothing of use: many requests may fail at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);
    private ExecAnswer? held;
    private KubernetesException? failure;
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    public override async ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (held is { } answer && answer.Expires > time.GetUtcNow()
                && (answer.Credential != refused || time.GetUtcNow() < notBefore))
            {
                return answer.Credential;
            }

            if (failure is not null && time.GetUtcNow() < notBefore)
            {
                throw new KubernetesException(failure.Reason, failure.Message, retryable: true);
            }

            return (await RenewAsync(cancellation)).Credential;
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Dispose() => turn.Dispose();

    private async Task<ExecAnswer> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            held = ExecAnswer.Read(plugin, await ExecProcess.RunAsync(plugin, time, cancellation), time.GetUtcNow());
            failure = null;
            return held;
        }
        catch (KubernetesException e)
        {
            held = null;
            failure = e;
            throw;
        }
        finally
        {
            notBefore = time.GetUtcNow() + Pause;
        }
    }
}
