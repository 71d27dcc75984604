using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Kubernetes.Admission;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Operator;

/// <summary>
/// The gates' other webhook: who asks for an approval or an override by annotation is asked for the right to it, and the answer is
/// sealed with the name that the API server gives. What a client writes in the answer's place is what it was before; leaving it out
/// withdraws it, which only closes. Who makes a gate let more through than before is asked for the same rights, and named in the same way.
/// </summary>
/// <param name="view">Tells whether anything waits for a gate that is being made.</param>
/// <param name="reviews">Asks the API server for the requester's rights.</param>
/// <param name="seal">Seals with the key as it is now.</param>
/// <param name="time">When it was asked for.</param>
internal sealed class ClaimAdmission(ClusterView view, AccessReviews reviews, Func<ClaimSeal> seal, TimeProvider time)
{
    private const int ShortestPlan = 8;
    private const int LongestReason = 500;

    private static readonly TimeSpan UsualOverride = TimeSpan.FromHours(1);

    public async Task<AdmissionResponse> ReviewAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        if (Read(request.Object) is not { Metadata: { DeletionTimestamp: null } metadata } gate)
        {
            return request.Allow();
        }

        SchemaGateResource? before = Read(request.OldObject);
        Claim[] claims = [Approval(request, metadata, before), Override(request, metadata, before)];
        if (claims.FirstOrDefault(claim => claim.Problem is not null) is { Problem: { } problem })
        {
            return request.Deny(problem, "Invalid", 422);
        }

        JsonPatch patch = JsonPatch.Empty;
        foreach (Claim claim in claims)
        {
            if (claim.Sealed is not null && await RefusalAsync(request, claim.Verb, cancellation) is { } refusal)
            {
                return request.Deny(refusal);
            }

            patch = claim.IsAsked ? patch.Remove(Pointer(claim.Request)) : patch;
            patch = patch.Then(Answer(claim, metadata, before?.Metadata));
        }

        IReadOnlyList<Loosening> loosenings = Loosenings(request, gate, before);
        foreach (Loosening loosening in loosenings.DistinctBy(loosening => loosening.Verb, StringComparer.Ordinal))
        {
            if (await RefusalAsync(request, loosening.Verb, cancellation) is { } refusal)
            {
                return request.Deny($"{loosening} makes the gate let more through than before. {refusal}");
            }
        }

        patch = patch.Then(Answer(Named(request, loosenings, before), metadata, before?.Metadata));
        return request.Allow(patch, [.. claims.Select(claim => claim.Warning).OfType<string>()]);
    }

    /// <summary>
    /// What a gate that does not exist yet lets through is nothing: everything that names it waits. So one that is made anew loosens, too,
    /// against the defaults, but what nobody waits for opens nothing.
    /// </summary>
    private IReadOnlyList<Loosening> Loosenings(AdmissionRequest request, SchemaGateResource gate, SchemaGateResource? before)
    {
        GateSpec now = SpecReader.Read(gate.Spec).Spec;
        if (before is not null)
        {
            return Loosening.Of(SpecReader.Read(before.Spec).Spec, now);
        }

        ObjectKey key = new(request.Namespace ?? "", gate.Metadata.Name ?? "");
        bool isWaitedFor = view.Workloads(key).Count > 0 || view.HeldPods(key).Count > 0;
        GateSpec usual = SpecReader.Read(new() { Changelog = gate.Spec.Changelog, Database = gate.Spec.Database }).Spec;
        return [.. Loosening.Of(usual, now).Where(loosening => isWaitedFor || loosening.Verb == Loosening.Approve)];
    }

    /// <summary>A gate that is being made has no uid yet, to which a seal is bound: its maker is no secret.</summary>
    private Claim Named(AdmissionRequest request, IReadOnlyList<Loosening> loosenings, SchemaGateResource? before)
    {
        Claim claim = new("", Names.Loosened, "", Text: null);
        return loosenings.Count == 0 || before?.Metadata.Uid is not { } uid ? claim : claim with
        {
            Sealed = seal().Write(uid, new Loosened(string.Join(", ", loosenings), request.UserInfo.Username ?? "", Now())),
        };
    }

    private static JsonPatch Answer(Claim claim, V1ObjectMeta now, V1ObjectMeta? before)
    {
        string? written = now.Annotations.Find(claim.Name);
        string? known = before?.Annotations.Find(claim.Name);
        string? wanted = claim.Sealed ?? (written is null ? null : known);
        if (wanted == written)
        {
            return JsonPatch.Empty;
        }

        JsonPatch patch = now.Annotations.Count > 0 ? JsonPatch.Empty : JsonPatch.Empty.Add("/metadata/annotations", new JsonObject());
        return wanted is null ? patch.Remove(Pointer(claim.Name)) : patch.Add(Pointer(claim.Name), wanted);
    }

    /// <param name="now">What is written.</param>
    /// <param name="before">What is stored: a writer may send any status, and only this one was SchemaGate's.</param>
    private Claim Approval(AdmissionRequest request, V1ObjectMeta now, SchemaGateResource? before)
    {
        Claim claim = new(Names.Approve, Names.Approval, Loosening.Approve, now.Annotations.Find(Names.Approve));
        if (!claim.IsAsked)
        {
            return claim;
        }

        // A manifest may ask long after that plan has run: what it asks for is not done, and the rest of it is.
        if (before?.Status?.Plan?.Hash is not { } plan || claim.Text!.Length < ShortestPlan
            || !plan.StartsWith(claim.Text, StringComparison.Ordinal))
        {
            return claim with
            {
                Warning = $"{Names.Approve}: nothing is approved: the gate's plan is {before?.Status?.Plan?.Hash?[..12] ?? "none"}. "
                    + "Look at its status.plan again.",
            };
        }

        string uid = before.Metadata.Uid ?? "";
        string? known = before.Metadata.Annotations.Find(Names.Approval);
        return claim with
        {
            Sealed = seal().Approval(uid, known)?.Plan == plan
                ? known
                : seal().Write(uid, new Approval(plan, request.UserInfo.Username ?? "", Now())),
        };
    }

    private Claim Override(AdmissionRequest request, V1ObjectMeta now, SchemaGateResource? before)
    {
        Claim claim = new(Names.Open, Names.Override, Loosening.Override, now.Annotations.Find(Names.Open));
        if (!claim.IsAsked)
        {
            return claim;
        }

        if (before?.Metadata.Uid is not { } uid)
        {
            return claim with { Problem = $"{Names.Open}: create the gate first." };
        }

        OpenRequest? asked = OpenRequest.FromJson(claim.Text);
        TimeSpan? duration = asked?.For is { } text ? GateDuration.Parse(text) : UsualOverride;
        if (asked is not { Requires: { Length: > 0 } requires, Reason: { Length: > 0 and <= LongestReason } reason }
            || string.IsNullOrWhiteSpace(reason)
            || duration is null)
        {
            return claim with
            {
                Problem = $"{Names.Open}: write {{\"requires\": \"<image or migration>\", "
                    + $"\"reason\": \"<at most {LongestReason} characters>\", \"for\": \"<1s to 24h>\"}}; `schemagate open` does.",
            };
        }

        Override opened = new(requires, reason, request.UserInfo.Username ?? "", Now(), Now() + duration.Value);
        return claim with { Sealed = seal().Write(uid, opened) };
    }

    private async Task<string?> RefusalAsync(AdmissionRequest request, string verb, CancellationToken cancellation)
    {
        AccessAnswer answer = await reviews.MayAsync(
            request.UserInfo,
            new()
            {
                NamespaceProperty = request.Namespace,
                Verb = verb,
                Group = SchemaGateResource.Resource.Group,
                Version = "*",
                Resource = SchemaGateResource.Resource.Plural,
                Name = request.Name
            },
            cancellation);
        if (answer.Failure is { } failure)
        {
            throw failure;
        }

        return answer.Allowed
            ? null
            : $"{request.UserInfo.Username} may not {verb} the SchemaGate {request.Name}: that needs the verb {verb} on "
                + $"schemagates.{SchemaGateResource.Resource.Group} in namespace {request.Namespace}.";
    }

    /// <summary>Whole seconds, as status shows them.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    private static string Pointer(string annotation) => JsonPatch.PointerTo("metadata", "annotations", annotation);

    private static SchemaGateResource? Read(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Object } found ? SchemaGateResource.Resource.Read(found) : null;

    /// <summary>One thing that a person may ask for by annotation.</summary>
    /// <param name="Request">The annotation that asks.</param>
    /// <param name="Name">The annotation that answers.</param>
    /// <param name="Verb">The right that it takes.</param>
    /// <param name="Text">What is asked for.</param>
    private sealed record Claim(string Request, string Name, string Verb, string? Text)
    {
        public bool IsAsked => Text is not null;

        /// <summary>The answer, if the requester has the right.</summary>
        public string? Sealed { get; init; }

        /// <summary>Why it is not answered.</summary>
        public string? Warning { get; init; }

        /// <summary>What is wrong with the request.</summary>
        public string? Problem { get; init; }
    }
}
