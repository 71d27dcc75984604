using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>What images hold: each digest is read once for all who may read it. Thread-safe.</summary>
/// <param name="registry">Reads.</param>
/// <param name="budget">The memory of all readings.</param>
/// <param name="time">Measures ages.</param>
internal sealed class ImageContents(RegistryClient registry, ReadingBudget budget, TimeProvider time)
{
    /// <summary>Parsed images that are kept: more than a cluster's gates and held revisions name at a time.</summary>
    private const int KeptImages = 256;

    /// <summary>
    /// What they take in memory: the operator's pod has a limit. Where one reading may have more, what it has read is kept: it is read
    /// beside the look that wants it.
    /// </summary>
    private const long KeptBytes = 48 << 20;

    private const long KeptFailureBytes = 4 << 20;

    /// <summary>A reading's buffers, before it keeps anything.</summary>
    private const long FirstBytes = 2 << 20;

    /// <summary>The file itself, its text in UTF-16, and what is made of that.</summary>
    private const long BytesOfFileByte = 4;

    /// <summary>Who has read what: a hundred bytes each, and several for an image.</summary>
    private const int KeptReaders = 4096;

    private readonly BoundedCache<(string Repository, Digest Digest, string Identity), bool> readers = new(KeptReaders);
    private readonly BoundedCache<(string, Digest, ChangelogFiles), Evidence<ChangelogEvidence>> images = new(
        KeptImages, Math.Max(KeptBytes, budget.Most));
    private readonly BoundedCache<
        (string, Digest, ChangelogFiles, string Identity),
        (Evidence<ChangelogEvidence> Evidence, DateTimeOffset At)> failures = new(KeptImages, KeptFailureBytes);

    /// <summary>What is wrong inside an image stays wrong for its digest; it is looked at again only as often as a tag would be.</summary>
    public async Task<Evidence<ChangelogEvidence>> ReadAsync(
        ImageReading reading, Digest digest, ChangelogSource source, LookTime left, CancellationToken cancellation)
    {
        ChangelogFiles files = ChangelogFiles.Of(source);
        if (failures.TryGet(
            (reading.Repository, digest, files, reading.Identity), out (Evidence<ChangelogEvidence> Evidence, DateTimeOffset At) failure)
            && time.GetUtcNow() - failure.At < source.Recheck)
        {
            return failure.Evidence;
        }

        if (images.TryGet((reading.Repository, digest, files), out Evidence<ChangelogEvidence>? known))
        {
            if (!readers.TryGet((reading.Repository, digest, reading.Identity), out _))
            {
                await left.AskAsync(source.Image, token => CheckAsync(reading, digest, token), cancellation);
                Allow(reading, digest);
            }

            return Renamed(known, source.Image);
        }

        return await left.ReadAsync(
            (reading.Repository, digest, files, reading.Identity),
            token => FetchAsync(reading with { Tenant = left.Tenant }, digest, files, source.Image, token),
            cancellation) is { } evidence ? Renamed(evidence, source.Image) : ImageProblems.StillReading(source.Image);
    }

    /// <summary>What is in memory of an image; null where nothing is. Who may see it is the caller's to know.</summary>
    public ChangelogEvidence? Recall((string, Digest, ChangelogFiles) image) =>
        images.TryGet(image, out Evidence<ChangelogEvidence>? known) ? (known as Evidence<ChangelogEvidence>.Found)?.Value : null;

    /// <summary>Its registry has let this caller resolve or read that digest.</summary>
    public void Allow(ImageReading reading, Digest digest) => readers.Set((reading.Repository, digest, reading.Identity), true);

    private async Task<Digest> CheckAsync(ImageReading reading, Digest digest, CancellationToken cancellation)
    {
        await registry.CheckAsync(reading.Reference, digest, reading.Access, cancellation);
        return digest;
    }

    /// <summary>What comes of it is kept, whether or not anybody waits for it still.</summary>
    private async Task<Evidence<ChangelogEvidence>> FetchAsync(
        ImageReading reading, Digest digest, ChangelogFiles files, string image, CancellationToken cancellation)
    {
        Evidence<ChangelogEvidence> evidence;
        try
        {
            evidence = await FetchedAsync(reading, digest, files, image, cancellation);
        }
        catch (OciException exception)
        {
            return ImageProblems.Evidence<ChangelogEvidence>(exception);
        }

        if (evidence is Evidence<ChangelogEvidence>.Found)
        {
            Allow(reading, digest);
            images.Set((reading.Repository, digest, files), evidence, HeldBytes.Of(evidence));
        }
        else if (evidence is Evidence<ChangelogEvidence>.Missing)
        {
            failures.Set(
                (reading.Repository, digest, files, reading.Identity), (evidence, time.GetUtcNow()), HeldBytes.Of(evidence));
        }

        return evidence;
    }

    private async Task<Evidence<ChangelogEvidence>> FetchedAsync(
        ImageReading reading, Digest digest, ChangelogFiles files, string image, CancellationToken cancellation)
    {
        try
        {
            return await budget.ReadAsync(
                reading.Tenant,
                FirstBytes,
                async share => files.Read(
                    (await ReadFilesAsync(
                        reading, digest, files, share.Cancellation, kept => share.MayHold(FirstBytes + (BytesOfFileByte * kept)))).Files,
                    image,
                    digest.ToString()),
                cancellation);
        }
        catch (OciException exception) when (exception.Kind is OciFailure.Invalid or OciFailure.TooLarge or OciFailure.Unsupported)
        {
            return ImageProblems.Evidence<ChangelogEvidence>(exception);
        }
        catch (BudgetException exception)
        {
            return exception.Evidence<ChangelogEvidence>($"{image} cannot be read", Reasons.ImageInvalid, Reasons.RegistryUnreachable);
        }
    }

    /// <summary>A link where the migrations should be, or above, is an error that names it, and not an empty directory.</summary>
    public Task<ImageFiles> ReadFilesAsync(
        ImageReading reading, Digest digest, ChangelogFiles files, CancellationToken cancellation, Func<long, bool>? mayKeep = null) =>
        registry.ReadFilesAsync(
        reading.Reference,
        digest,
        path => files.IsWanted(path) || $"{files.Migrations}/".StartsWith($"{path}/", StringComparison.Ordinal),
        reading.Access,
        cancellation,
        mayKeep);

    /// <summary>Two tags of one digest share its content, not its name.</summary>
    private static Evidence<ChangelogEvidence> Renamed(Evidence<ChangelogEvidence> evidence, string image) =>
        evidence is Evidence<ChangelogEvidence>.Found { Value: var value } && value.Source != image
            ? new Evidence<ChangelogEvidence>.Found(value with { Source = image })
            : evidence;
}
