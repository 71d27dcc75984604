using System.Collections.Concurrent;
using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>Reads images: a tag is resolved as often as it is asked, a digest is read once. Thread-safe, shared by all gates.</summary>
internal sealed class ImageEvidence(bool allowPlainHttp, TimeProvider time) : IDisposable
{
    /// <summary>Parsed images that are kept: more than a cluster's gates and held revisions name at a time.</summary>
    private const int Kept = 256;

    private readonly RegistryClient registry = new(time);
    private readonly ConcurrentDictionary<string, (Digest Digest, DateTimeOffset At)> tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(Digest, ChangelogFiles), (Evidence<ChangelogEvidence> Evidence, DateTimeOffset At)> images = new();

    /// <summary>What is wrong with an image reference, in a sentence; null when nothing is.</summary>
    public static string? Problem(string reference) =>
        ImageReference.TryParse(reference, out _, out string? problem) ? null : problem;

    /// <param name="source">Where to look; its <see cref="ChangelogSource.Image"/> is the image that is read.</param>
    /// <param name="maxAge">How old the resolution of a tag may be.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The evidence, and the digest as soon as that is known, whatever became of the rest.</returns>
    public async Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ReadAsync(
        ChangelogSource source, TimeSpan maxAge, CancellationToken cancellation)
    {
        if (!ImageReference.TryParse(source.Image, out ImageReference? reference, out string? problem))
        {
            return (new Evidence<ChangelogEvidence>.Missing(Reasons.ImageReferenceInvalid, problem), null);
        }

        if (source.PlainHttp && !allowPlainHttp)
        {
            return (new Evidence<ChangelogEvidence>.Missing(
                Reasons.ImageReferenceInvalid,
                "spec.changelog.plainHttp needs the operator's flag --allow-plain-http, too."), null);
        }

        Digest? digest = null;
        try
        {
            digest = await ResolveAsync(reference, source.PlainHttp, maxAge, cancellation);
            return (await ContentAsync(reference, digest, source, cancellation), digest.ToString());
        }
        catch (OciException exception)
        {
            return (Explain(exception), digest?.ToString());
        }
    }

    public void Dispose() => registry.Dispose();

    private async Task<Digest> ResolveAsync(ImageReference reference, bool plainHttp, TimeSpan maxAge, CancellationToken cancellation)
    {
        if (reference.Digest is { } pinned)
        {
            return pinned;
        }

        string key = $"{(plainHttp ? "http" : "https")}://{reference}";
        if (tags.TryGetValue(key, out (Digest Digest, DateTimeOffset At) known) && time.GetUtcNow() - known.At < maxAge)
        {
            return known.Digest;
        }

        DateTimeOffset asked = time.GetUtcNow();
        Digest digest = await registry.ResolveAsync(reference, plainHttp, cancellation);
        tags[key] = (digest, asked);
        Bound(tags, entry => entry.At);
        return digest;
    }

    /// <summary>What is wrong inside an image stays wrong for its digest; it is looked at again only as often as a tag would be.</summary>
    private async Task<Evidence<ChangelogEvidence>> ContentAsync(
        ImageReference reference, Digest digest, ChangelogSource source, CancellationToken cancellation)
    {
        ChangelogFiles files = ChangelogFiles.Of(source);
        if (images.TryGetValue((digest, files), out (Evidence<ChangelogEvidence> Evidence, DateTimeOffset At) known)
            && (known.Evidence is Evidence<ChangelogEvidence>.Found || time.GetUtcNow() - known.At < source.Recheck))
        {
            return Renamed(known.Evidence, source.Image);
        }

        Evidence<ChangelogEvidence> evidence;
        try
        {
            ImageFiles content = await registry.ReadFilesAsync(reference, digest, files.IsWanted, source.PlainHttp, cancellation);
            evidence = files.Read(content.Files, source.Image, digest.ToString());
        }
        catch (OciException exception) when (exception.Kind is OciFailure.Invalid or OciFailure.TooLarge or OciFailure.Unsupported)
        {
            evidence = Explain(exception);
        }

        images[(digest, files)] = (evidence, time.GetUtcNow());
        Bound(images, entry => entry.At);
        return evidence;
    }

    /// <summary>Two tags of one digest share its content, not its name.</summary>
    private static Evidence<ChangelogEvidence> Renamed(Evidence<ChangelogEvidence> evidence, string image) =>
        evidence is Evidence<ChangelogEvidence>.Found { Value: var value } && value.Source != image
            ? new Evidence<ChangelogEvidence>.Found(value with { Source = image })
            : evidence;

    private static Evidence<ChangelogEvidence> Explain(OciException exception) => exception.Kind switch
    {
        OciFailure.Unreachable => new Evidence<ChangelogEvidence>.Unreachable(Reasons.RegistryUnreachable, exception.Message),
        OciFailure.Denied => new Evidence<ChangelogEvidence>.Missing(Reasons.RegistryAccessDenied, exception.Message),
        OciFailure.NotFound => new Evidence<ChangelogEvidence>.Missing(Reasons.ImageNotFound, exception.Message),
        _ => new Evidence<ChangelogEvidence>.Missing(Reasons.ImageInvalid, exception.Message),
    };

    private static void Bound<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries, Func<TValue, DateTimeOffset> at)
        where TKey : notnull
    {
        foreach (KeyValuePair<TKey, TValue> oldest in entries.Count <= Kept ? [] : entries.OrderBy(entry => at(entry.Value)).Take(entries.Count - Kept).ToList())
        {
            entries.TryRemove(oldest);
        }
    }
}
