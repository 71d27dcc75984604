using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Oci;

namespace SchemaGate.Evidence;

/// <summary>Reads images: a tag is resolved as often as it is asked, a digest is read once. Thread-safe, shared by all gates.</summary>
/// <remarks>
/// Gates share what was read, and a gate must not see through another's eyes. So what is kept belongs to the repository that it came
/// from: only that registry decides who may read it, and another registry could name any digest as its own. And a gate is given it
/// only after the registry has once let this gate's own credentials resolve or read that digest (as a kubelet does with the images
/// on its node, KEP-2535). What failed is kept for those credentials alone.
/// </remarks>
/// <param name="allowPlainHttp">Whether a gate may ask for plain HTTP.</param>
/// <param name="time">Measures ages.</param>
/// <param name="allowedRegistries">See <see cref="RegistryOptions"/>; empty for every host.</param>
/// <param name="authoritiesPem">Certificates that are trusted beside the system's.</param>
/// <param name="budget">The memory of all readings; null for one of its own.</param>
internal sealed class ImageEvidence(
    bool allowPlainHttp, TimeProvider time, IReadOnlyCollection<string>? allowedRegistries = null, string? authoritiesPem = null,
    ReadingBudget? budget = null)
        : IDisposable
{
    /// <summary>Parsed images that are kept: more than a cluster's gates and held revisions name at a time.</summary>
    private const int KeptImages = 256;

    /// <summary>What they take in memory: the operator's pod has a limit.</summary>
    private const long KeptBytes = 48 << 20;

    private const long KeptFailureBytes = 4 << 20;

    /// <summary>A reading's buffers, before it keeps anything.</summary>
    private const long FirstBytes = 2 << 20;

    /// <summary>The file itself, its text in UTF-16, and what is made of that.</summary>
    private const long BytesOfFileByte = 4;

    /// <summary>Tags, and who has read what: a hundred bytes each, and several for an image.</summary>
    private const int KeptFacts = 4096;

    private readonly ReadingBudget budget = budget ?? ReadingBudget.OfProcess(time);
    private readonly KeptJudgements judgements = new(time);
    private readonly RegistryClient registry = new(time, new RegistryOptions(allowedRegistries, authoritiesPem));
    private readonly BoundedCache<(string Tag, string Identity), (Digest Digest, DateTimeOffset At)> tags = new(KeptFacts);
    private readonly BoundedCache<(string Repository, Digest Digest, string Identity), bool> readers = new(KeptFacts);
    private readonly BoundedCache<(string, Digest, ChangelogFiles), Evidence<ChangelogEvidence>> images = new(KeptImages, KeptBytes);
    private readonly BoundedCache<
        (string, Digest, ChangelogFiles, string Identity),
        (Evidence<ChangelogEvidence> Evidence, DateTimeOffset At)> failures = new(KeptImages, KeptFailureBytes);

    /// <summary>The same image by its digest: what was judged, whatever its tag names by then.</summary>
    public static string Pinned(string reference, string digest) =>
        ImageReference.TryParse(reference, out ImageReference? parsed, out _) && Digest.TryParse(digest, out Digest? known)
        ? parsed.Pin(known).ToString()
        : reference;

    /// <param name="source">Where to look; its <see cref="ChangelogSource.Image"/> is the image that is read.</param>
    /// <param name="maxAge">How old the resolution of a tag may be.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="pullSecret">The text of the gate's docker config JSON; null without one.</param>
    /// <param name="major">
    /// The major version of the server that the migrations are for, which the image is read without; null, as its result, where that is not
    /// known. </param>
    /// <returns>The evidence, and the digest as soon as that is known, whatever became of the rest.</returns>
    public async Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ReadAsync(
        ChangelogSource source, TimeSpan maxAge, CancellationToken cancellation, string? pullSecret = null, Task<int?>? major = null)
    {
        if (Open(source.Image, source.PlainHttp, pullSecret, out string reason, out string problem) is not { } reading)
        {
            return (new Evidence<ChangelogEvidence>.Missing(reason, pullSecret is not null && reason == Reasons.RegistryAccessDenied
                ? $"The Secret of spec.changelog.pullSecretRef: {problem}."
                : problem), null);
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
            digest = await ResolveAsync(reading, maxAge, cancellation);
            Evidence<ChangelogEvidence> content = await ContentAsync(reading, digest, source, cancellation);
            (string, Digest, ChangelogFiles) image = (reading.Repository, digest, ChangelogFiles.Of(source));
            return (await judgements.JudgedAsync(
                content, image, major is null ? null : await major, budget, cancellation), digest.ToString());
        }
        catch (OciException exception)
        {
            return (ImageProblems.Evidence<ChangelogEvidence>(exception), digest?.ToString());
        }
    }

    /// <summary>To what an image resolves now; null where that cannot be told.</summary>
    /// <param name="source">As for <see cref="ReadAsync"/>.</param>
    /// <param name="pullSecret">As for <see cref="ReadAsync"/>.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public async Task<string?> ResolveAsync(ChangelogSource source, string? pullSecret, CancellationToken cancellation)
    {
        if (Open(source.Image, source.PlainHttp, pullSecret, out _, out _) is not { } reading || (source.PlainHttp && !allowPlainHttp))
        {
            return null;
        }

        try
        {
            return (await ResolveAsync(reading, TimeSpan.Zero, cancellation)).ToString();
        }
        catch (OciException)
        {
            return null;
        }
    }

    /// <summary>The migrations alone, for who needs no document; kept for nobody.</summary>
    /// <param name="image">Its reference.</param>
    /// <param name="migrations">The directory in it.</param>
    /// <param name="plainHttp">Whether the registry speaks HTTP without TLS.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="logins">The text of a docker config JSON; null to ask without credentials.</param>
    public async Task<Evidence<MigrationSet>> ReadMigrationsAsync(
        string image, string migrations, bool plainHttp, CancellationToken cancellation, string? logins = null)
    {
        if (Open(image, plainHttp, logins, out string reason, out string problem) is not { } reading)
        {
            return new Evidence<MigrationSet>.Missing(reason, problem);
        }

        try
        {
            ChangelogFiles files = new(Document: null, migrations, MigrationTool.Prisma);
            Digest digest = await ResolveAsync(reading, TimeSpan.Zero, cancellation);
            return files.ReadMigrations((await ReadFilesAsync(reading, digest, files, cancellation)).Files, image);
        }
        catch (OciException exception)
        {
            return ImageProblems.Evidence<MigrationSet>(exception);
        }
    }

    public void Dispose() => registry.Dispose();

    /// <summary>Null, and what is wrong, for what is no reference or no login.</summary>
    private Reading? Open(string image, bool plainHttp, string? logins, out string reason, out string problem)
    {
        RegistryCredentials? credentials = null;
        reason = Reasons.ImageReferenceInvalid;
        if (!ImageReference.TryParse(image, out ImageReference? reference, out string? wrong))
        {
            problem = wrong;
            return null;
        }

        reason = Reasons.RegistryAccessDenied;
        if (logins is not null && !RegistryCredentials.TryParse(logins, out credentials, out wrong))
        {
            problem = wrong;
            return null;
        }

        problem = "";
        RegistryAccess access = new(plainHttp, credentials);
        return new(
            reference, access, $"{(plainHttp ? "http" : "https")}://{reference.Registry}/{reference.Repository}",
            registry.IdentityOf(reference, access));
    }

    private async Task<Digest> ResolveAsync(Reading reading, TimeSpan maxAge, CancellationToken cancellation)
    {
        if (reading.Reference.Digest is { } pinned)
        {
            return pinned;
        }

        (string, string) key = ($"{reading.Repository}:{reading.Reference.Tag}", reading.Identity);
        if (tags.TryGet(key, out (Digest Digest, DateTimeOffset At) known) && time.GetUtcNow() - known.At < maxAge)
        {
            return known.Digest;
        }

        DateTimeOffset asked = time.GetUtcNow();
        Digest digest = await registry.ResolveAsync(reading.Reference, reading.Access, cancellation);
        tags.Set(key, (digest, asked));
        readers.Set((reading.Repository, digest, reading.Identity), true);
        return digest;
    }

    /// <summary>What is wrong inside an image stays wrong for its digest; it is looked at again only as often as a tag would be.</summary>
    private async Task<Evidence<ChangelogEvidence>> ContentAsync(
        Reading reading, Digest digest, ChangelogSource source, CancellationToken cancellation)
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
                await registry.CheckAsync(reading.Reference, digest, reading.Access, cancellation);
                readers.Set((reading.Repository, digest, reading.Identity), true);
            }

            return Renamed(known, source.Image);
        }

        Evidence<ChangelogEvidence> evidence = await FetchAsync(reading, digest, files, source.Image, cancellation);
        if (evidence is Evidence<ChangelogEvidence>.Found)
        {
            readers.Set((reading.Repository, digest, reading.Identity), true);
            images.Set((reading.Repository, digest, files), evidence, HeldBytes.Of(evidence));
        }
        else if (evidence is Evidence<ChangelogEvidence>.Missing)
        {
            failures.Set(
                (reading.Repository, digest, files, reading.Identity), (evidence, time.GetUtcNow()), HeldBytes.Of(evidence));
        }

        return evidence;
    }

    private async Task<Evidence<ChangelogEvidence>> FetchAsync(
        Reading reading, Digest digest, ChangelogFiles files, string image, CancellationToken cancellation)
    {
        try
        {
            return await budget.ReadAsync(
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
    private Task<ImageFiles> ReadFilesAsync(
        Reading reading, Digest digest, ChangelogFiles files, CancellationToken cancellation, Func<long, bool>? mayKeep = null) =>
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

    /// <summary>One caller's view of one image.</summary>
    private sealed record Reading(ImageReference Reference, RegistryAccess Access, string Repository, string Identity);
}
