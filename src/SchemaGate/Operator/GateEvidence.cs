using System.Diagnostics;
using SchemaGate.Api;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Telemetry;

namespace SchemaGate.Operator;

/// <summary>
/// Collects a gate's evidence: the Secret from the cluster, then image and database.
/// What cannot be read is said, not thrown.
/// </summary>
internal sealed class GateEvidence(
    SecretWatch secrets, ImageEvidence images, DatabaseEvidence databases, SealKey key, TimeProvider time)
{
    /// <summary>The age that a history may have when it is acted on.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>Told each gate for which something was read that its look did not wait for.</summary>
    public Action<ObjectKey> Ended { get; init; } = _ => { };

    /// <summary>Begins a look at a gate. When it has asked for everything, <see cref="Look.End"/> ends what it did not ask for.</summary>
    public Look Begin(ObjectKey gate) => images.Begin(gate.Namespace, gate.Name, () => Ended(gate));

    /// <param name="gate">The gate.</param>
    /// <param name="spec">Its spec as read.</param>
    /// <param name="problems">What is wrong with the spec; then nothing is asked.</param>
    /// <param name="look">For which look.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<GateInput> CollectAsync(
        SchemaGateResource gate, GateSpec spec, IReadOnlyList<string> problems, Look look, CancellationToken cancellation)
    {
        GateInput input = new(
            spec, problems, null, null, null, StatusMapping.Released(gate), StatusMapping.Memory(gate), time.GetUtcNow())
        {
            Override = key.Override(gate),
            Loosened = key.Loosened(gate),
            KnownIdentity = Known(gate, fingerprint: null),
        };
        if (problems.Count > 0)
        {
            return input;
        }

        Task<GateInput> reading = DatabaseAsync(gate, input, cancellation);
        Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> image = ImageAsync(
            gate,
            spec.Changelog,
            spec.Changelog.Recheck,
            MajorAsync(reading),
            look,
            cancellation);
        input = await reading;
        (Evidence<ChangelogEvidence> changelog, string? digest) = await image;
        return input with { Changelog = changelog, ResolvedDigest = digest, Now = time.GetUtcNow() };
    }

    /// <summary>
    /// The same input with the history as it is now: images may have taken long, and a release must not rest on what a database was then.
    /// </summary>
    public async Task<GateInput> RefreshAsync(SchemaGateResource gate, GateInput input, CancellationToken cancellation)
    {
        if (input.Database is null || time.GetUtcNow() - input.DatabaseAt < Fresh)
        {
            return input;
        }

        DatabaseState? before = State(input);
        input = await DatabaseAsync(gate, input, cancellation);
        bool isAsBefore = before is not null && State(input) is { } now && now.IsAsIn(before);
        return input with
        {
            // Another history is compared at the next look.
            Drift = isAsBefore || input.Drift is null ? input.Drift : new(input.Drift.Record, DriftUnread.Waits),
            Now = time.GetUtcNow(),
        };
    }

    /// <summary>The same input, and the sessions that have one of these names; where there is none, nobody is asked.</summary>
    public async Task<GateInput> WithSessionsAsync(
        SchemaGateResource gate, GateInput input, IReadOnlyList<NamedCode> named, CancellationToken cancellation)
    {
        string[] names = [.. named.Select(code => code.Kept).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (named.Count == 0 || State(input) is null)
        {
            return input;
        }

        // What has begun waits for nobody; where it has ended by now, the next look asks before anything else begins.
        if (input.Run is { Record.IsActive: true, Job: not null })
        {
            return input with { Sessions = new(named, Unasked("A run has only just ended; the database is asked at the next look.")) };
        }

        string? url = (await UrlAsync(gate, input.Spec.Database, cancellation)).Text;
        bool isSame = url is not null && Fingerprint(gate, input.Spec.Database, url) == input.Fingerprint;
        return input with
        {
            Sessions = new(named, isSame
                ? await Instruments.ReadAsync(
                    "database", () => databases.SessionsAsync(url!, names, gate.Metadata.NamespaceProperty!, cancellation), Outcome)
                : Unasked("The database's Secret has changed; it is asked at the next look.")),
        };
    }

    private static Evidence<IReadOnlyList<OpenSessions>> Unasked(string why) =>
        new Evidence<IReadOnlyList<OpenSessions>>.Unreachable(Reasons.DatabaseUnreachable, why);

    /// <summary>The same input, and what is known of the schema; its catalog is read where that is due.</summary>
    public async Task<GateInput> ComparedAsync(SchemaGateResource gate, GateInput input, Look look, CancellationToken cancellation)
    {
        DriftRecord? last = DriftMapping.Record(gate.Status?.Drift);
        return input with
        {
            Drift = DriftSteps.Next(input, last) switch
            {
                DriftStep.Compare step => await CompareAsync(gate, input, step, look, cancellation),
                DriftStep.Settled { Known: var known } => known,
                _ => throw new UnreachableException(),
            },
        };
    }

    private async Task<DriftEvidence> CompareAsync(
        SchemaGateResource gate, GateInput input, DriftStep.Compare step, Look look, CancellationToken cancellation)
    {
        string? url = (await UrlAsync(gate, input.Spec.Database, cancellation)).Text;
        // What the Secret says by now may be another database's than the one whose history was read.
        if (url is null || Fingerprint(gate, input.Spec.Database, url) != input.Fingerprint || State(input) is not { } state)
        {
            return new(step.Last, DriftUnread.Waits);
        }

        DriftQuestion question = new(step, url, input.Spec, state, gate.Metadata.NamespaceProperty!);
        return DriftEvidence.Of(
            await Instruments.ReadAsync("schema", () => databases.Drifts.ReadAsync(question, look, cancellation), Outcome), step);
    }

    /// <summary>What tells the gate's URL from another one; null where there is none.</summary>
    public async Task<string?> FingerprintAsync(SchemaGateResource gate, GateSpec spec, CancellationToken cancellation) =>
        Fingerprint(gate, spec.Database, (await UrlAsync(gate, spec.Database, cancellation)).Text);

    /// <summary>
    /// The same input with the image of one revision's requirement. Its tag is resolved now: an older answer may be from before the
    /// revision was written.
    /// </summary>
    public async Task<(GateInput Input, string? Digest)> ForRequirementAsync(
        SchemaGateResource gate, GateInput input, Requirement requirement, Look look, CancellationToken cancellation)
    {
        if (!requirement.IsImage || input.SpecProblems.Count > 0)
        {
            return (input, null);
        }

        ChangelogSource source = input.Spec.Changelog with { Image = requirement.Value! };
        (Evidence<ChangelogEvidence> evidence, string? digest) = await ImageAsync(
            gate,
            source,
            TimeSpan.Zero,
            Task.FromResult(Major(input.Database)),
            look,
            cancellation);
        return (input with { Changelog = evidence }, digest);
    }

    private Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ImageAsync(
        SchemaGateResource gate, ChangelogSource source, TimeSpan maxAge, Task<int?> major, Look look, CancellationToken cancellation) =>
        Instruments.ReadAsync(
            "changelog", () => ReadImageAsync(gate, source, maxAge, major, look, cancellation), read => Outcome(read.Evidence));

    private async Task<(Evidence<ChangelogEvidence> Evidence, string? Digest)> ReadImageAsync(
        SchemaGateResource gate, ChangelogSource source, TimeSpan maxAge, Task<int?> major, Look look, CancellationToken cancellation)
    {
        if (source.Verify is { SecretName: { } keysName, SecretKey: { } keysKey } verify)
        {
            (string? keys, string missing) = await secrets.TextAsync(
                gate.Metadata.NamespaceProperty!, keysName, keysKey, "spec.changelog.verify.keysFrom", cancellation);
            if (keys is null)
            {
                return (new Evidence<ChangelogEvidence>.Missing(Reasons.SecretNotFound, missing), null);
            }

            source = source with { Verify = verify with { Keys = [.. verify.Keys, keys] } };
        }

        if (source.PullSecretName is not { } name)
        {
            return await images.TracedAsync(source, maxAge, major, look, null, cancellation);
        }

        (string? text, string problem) = await secrets.TextAsync(
            gate.Metadata.NamespaceProperty!,
            name,
            ImageProblems.LoginsKey,
            "spec.changelog.pullSecretRef",
            cancellation);
        return text is null
            ? (new Evidence<ChangelogEvidence>.Missing(Reasons.RegistryAccessDenied, problem), null)
            : await images.TracedAsync(source, maxAge, major, look, text, cancellation);
    }

    private static DatabaseState? State(GateInput input) => (input.Database as Evidence<DatabaseState>.Found)?.Value;

    private static async Task<int?> MajorAsync(Task<GateInput> reading) => Major((await reading).Database);

    private static int? Major(Evidence<DatabaseState>? database) => (database as Evidence<DatabaseState>.Found)?.Value.ServerVersion;

    private async Task<GateInput> DatabaseAsync(SchemaGateResource gate, GateInput input, CancellationToken cancellation)
    {
        DatabaseSource source = input.Spec.Database;
        (string? url, string problem) = await UrlAsync(gate, source, cancellation);
        string? fingerprint = Fingerprint(gate, source, url);
        (Evidence<DatabaseState> evidence, string? identity) = await Instruments.ReadAsync(
            "database",
            async () => url is null
                ? (new Evidence<DatabaseState>.Missing(Reasons.SecretNotFound, problem), null)
                : await databases.TracedAsync(url, source, gate.Metadata.NamespaceProperty!, cancellation),
            read => Outcome(read.Evidence));
        // A process that has just started has reached no URL yet; what its predecessor wrote is of the same one by its fingerprint.
        return input with
        {
            Database = evidence,
            KnownIdentity = identity ?? Known(gate, fingerprint),
            Fingerprint = fingerprint,
            DatabaseAt = time.GetUtcNow(),
        };
    }

    private static (string Evidence, string? Reason) Outcome<T>(Evidence<T> read) => read switch
    {
        Evidence<T>.Missing missing => ("Missing", missing.Reason),
        Evidence<T>.Unreachable unreachable => ("Unreachable", unreachable.Reason),
        _ => ("Found", null),
    };

    private static string? Known(SchemaGateResource gate, string? fingerprint) =>
        StatusMapping.Remembered(gate, fingerprint)?.Identity is { } known and not DatabaseStatus.Unread ? known : null;

    private Task<(string? Text, string Problem)> UrlAsync(SchemaGateResource gate, DatabaseSource source, CancellationToken cancellation) =>
        secrets.TextAsync(gate.Metadata.NamespaceProperty!, source.SecretName, source.SecretKey, "spec.database.urlFrom", cancellation);

    private string? Fingerprint(SchemaGateResource gate, DatabaseSource source, string? url) =>
        url is null ? null : key.Fingerprint(gate.Metadata.Uid ?? "", url.Trim(), source.Schema);
}
