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
internal sealed class ImageEvidence : IDisposable
{
    /// <summary>A hundred bytes each.</summary>
    private const int KeptTags = 4096;

    private readonly bool allowPlainHttp;
    private readonly TimeProvider time;
    private readonly ReadingBudget budget;
    private readonly KeptJudgements judgements;
    private readonly Readings readings;
    private readonly RegistryClient registry;
    private readonly ImageContents contents;
    private readonly ImageSignatures signatures;
    private readonly BoundedCache<(string Tag, string Identity), (Digest Digest, DateTimeOffset At)> tags = new(KeptTags);
    private readonly BoundedCache<
        ((string Tenant, string Name) Gate, string Image, ChangelogFiles Files), ((string, Digest, ChangelogFiles) Image, int? Major)> seen
        = new(KeptTags);

    /// <param name="allowPlainHttp">Whether a gate may ask for plain HTTP.</param>
    /// <param name="time">Measures ages.</param>
    /// <param name="allowedRegistries">See <see cref="RegistryOptions"/>; empty for every host.</param>
    /// <param name="authoritiesPem">Certificates that are trusted beside the system's.</param>
    /// <param name="budget">The memory of all readings; null for one of its own.</param>
    public ImageEvidence(
        bool allowPlainHttp, TimeProvider time, IReadOnlyCollection<string>? allowedRegistries = null, string? authoritiesPem = null,
        ReadingBudget? budget = null)
    {
        (this.allowPlainHttp, this.time, this.budget) = (allowPlainHttp, time, budget ?? ReadingBudget.OfProcess(time));
        (judgements, readings) = (new(time), new(time));
        registry = new(time, new RegistryOptions(allowedRegistries, authoritiesPem));
        (contents, signatures) = (new(registry, this.budget, time), new(registry, time));
    }

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
    /// <param name="look">Who asks, and waits no longer than <see cref="Readings.Patience"/>; null: as long as it takes.</param>
    /// <returns>The evidence, and the digest as soon as that is known, whatever became of the rest.</returns>
    public async Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ReadAsync(
        ChangelogSource source, TimeSpan maxAge, CancellationToken cancellation, string? pullSecret = null, Task<int?>? major = null,
        Look? look = null)
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

        LookTime left = new(look, time);
        Digest? digest = null;
        try
        {
            digest = await left.AskAsync(source.Image, token => ResolveAsync(reading, maxAge, token), cancellation);
            if (await signatures.ProblemAsync(
                reading, digest, source.Verify, ask => left.AskAsync(source.Image, ask, cancellation)) is { } unsigned)
            {
                return (new Evidence<ChangelogEvidence>.Missing(unsigned.Reason, unsigned.Message), digest.ToString());
            }

            Evidence<ChangelogEvidence> content = await contents.ReadAsync(reading, digest, source, left, cancellation);
            (string, Digest, ChangelogFiles) image = (reading.Repository, digest, ChangelogFiles.Of(source));
            int? server = major is null ? null : await major;
            Evidence<ChangelogEvidence> judged = await judgements.JudgedAsync(content, image, server, budget, left, cancellation);
            if (look is not null && content is Evidence<ChangelogEvidence>.Found)
            {
                seen.Set((look.Gate, source.Image, image.Item3), (image, server));
            }

            return (judged, digest.ToString());
        }
        catch (OciException exception)
        {
            return (ImageProblems.Evidence<ChangelogEvidence>(exception), digest?.ToString());
        }
    }

    /// <summary>
    /// What this process has in memory of the image that a look at this very gate read last, with the gate's own credentials; null where
    /// that is nothing, or of another digest. Nobody is asked.
    /// </summary>
    /// <param name="gate">Its namespace and name.</param>
    /// <param name="source">Where it looks now.</param>
    /// <param name="digest">What it has found there, says its status.</param>
    public ChangelogEvidence? Recall((string Tenant, string Name) gate, ChangelogSource source, string digest) =>
        seen.TryGet((gate, source.Image, ChangelogFiles.Of(source)), out ((string, Digest Digest, ChangelogFiles) Image, int? Major) last)
            && last.Image.Digest.ToString() == digest && contents.Recall(last.Image) is { } content
        ? content with { Source = source.Image, Risks = judgements.Recall(last.Image, last.Major) }
        : null;

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
    /// <param name="verify">Whose signature the image needs; null where it needs none.</param>
    /// <param name="tool">Whose migrations they are.</param>
    public async Task<Evidence<MigrationSet>> ReadMigrationsAsync(
        string image, string migrations, bool plainHttp, CancellationToken cancellation, string? logins = null,
        ImageVerification? verify = null, MigrationTool tool = MigrationTool.Prisma)
    {
        if (Open(image, plainHttp, logins, out string reason, out string problem) is not { } reading)
        {
            return new Evidence<MigrationSet>.Missing(reason, problem);
        }

        try
        {
            ChangelogFiles files = new(Document: null, migrations, tool);
            Digest digest = await ResolveAsync(reading, TimeSpan.Zero, cancellation);
            if (await signatures.ProblemAsync(reading, digest, verify, ask => ask(cancellation)) is { } unsigned)
            {
                return new Evidence<MigrationSet>.Missing(unsigned.Reason, unsigned.Message);
            }

            return files.ReadMigrations((await contents.ReadFilesAsync(reading, digest, files, cancellation)).Files, image);
        }
        catch (OciException exception)
        {
            return ImageProblems.Evidence<MigrationSet>(exception);
        }
    }

    /// <inheritdoc cref="Readings.Begin"/>
    public Look Begin(string tenant, string name, Action ended) => readings.Begin(tenant, name, ended);

    /// <inheritdoc cref="Readings.Hurry"/>
    public void Hurry(string tenant, string name) => readings.Hurry(tenant, name);

    /// <summary>Ends what goes on beside all looks: nobody looks any more.</summary>
    public void EndReadings() => readings.EndAll();

    public void Dispose()
    {
        readings.EndAll();
        registry.Dispose();
    }

    /// <summary>Null, and what is wrong, for what is no reference or no login.</summary>
    private ImageReading? Open(string image, bool plainHttp, string? logins, out string reason, out string problem)
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

    private async Task<Digest> ResolveAsync(ImageReading reading, TimeSpan maxAge, CancellationToken cancellation)
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
        contents.Allow(reading, digest);
        return digest;
    }
}
