using SchemaGate.Core;
using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>What a look has left of its patience with one image.</summary>
/// <param name="look">The look; null for who waits as long as it takes.</param>
/// <param name="time">Measures it.</param>
internal sealed class LookTime(Look? look, TimeProvider time)
{
    /// <summary>What was waited for may have been something else, such as the database.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly long began = time.GetTimestamp();

    public string Tenant => look?.Gate.Tenant ?? "";

    private TimeSpan Left
    {
        get
        {
            TimeSpan left = Readings.Patience - time.GetElapsedTime(began);
            return left > Least ? left : Least;
        }
    }

    /// <summary>Asks a registry something of which an older answer is worth nothing.</summary>
    /// <exception cref="OciException">Unreachable: it did not answer in time.</exception>
    public async Task<T> AskAsync<T>(string image, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        if (look is null)
        {
            return await ask(cancellation);
        }

        using CancellationTokenSource limit = new(Left, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token, look.Hurried, cancellation);
        try
        {
            return await ask(either.Token);
        }
        catch (OciException)
        {
            look.IsCut = true;
            throw;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            look.IsCut = true;
            throw new OciException(
                OciFailure.Unreachable,
                $"{image} cannot be read: its registry did not say within {Readings.Patience.TotalSeconds:0} s what is there");
        }
    }

    /// <returns>Null while it is still read.</returns>
    public async Task<Evidence<T>?> ReadAsync<T>(
        object key, Func<CancellationToken, Task<Evidence<T>>> read, CancellationToken cancellation) =>
        look is null ? await read(cancellation) : await look.ReadAsync(key, Left, read, cancellation);
}
