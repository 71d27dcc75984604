using System.Collections.Concurrent;
using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>
/// Two databases, of which one is behind the gate's URL, each with so many migrations applied; and a registry whose tag <c>edge</c> moves.
/// </summary>
internal sealed class ModelDatabase
{
    private static readonly DatabaseState[] s_states =
        [.. Enumerable.Range(0, ModelVersions.Migrations + 1).Select(applied => Given.Applied(Given.Ms(1, applied)))];

    private static readonly DatabaseState[] s_others =
        [.. s_states.Select(state => state with { Identity = new("9", "shop", "public") })];

    private static readonly ChangelogEvidence[] s_images =
        [.. Enumerable.Range(0, ModelVersions.Migrations + 1).Select(needed => Given.Image(Given.Ms(1, needed), digest: Digest(needed)))];

    private static readonly Evidence<DatabaseState> s_out =
        new Evidence<DatabaseState>.Unreachable(Reasons.DatabaseUnreachable, "db.test:5432 does not answer.");

    private static readonly Evidence<ChangelogEvidence> s_registryOut =
        new Evidence<ChangelogEvidence>.Unreachable(Reasons.RegistryUnreachable, "registry.test does not answer.");

    private static readonly ConcurrentDictionary<int, RequirementOutcome> s_outcomes = new();

    private readonly int[] applied = new int[2];
    private readonly int[] most = new int[2];

    /// <summary>Which of the two it is: 0 or 1.</summary>
    public int Which { get; set; }

    public int Applied
    {
        get => applied[Which];
        set
        {
            applied[Which] = value;
            most[Which] = Math.Max(most[Which], value);
        }
    }

    /// <summary>Which of the two has an identity; null for none.</summary>
    public static int? WhichIs(string? identity) => identity is null ? null : identity == s_states[0].Identity.ToString() ? 0 : 1;

    /// <summary>As many as were ever applied at once.</summary>
    public int MostApplied(int which) => most[which];

    public bool IsOut { get; set; }

    public bool IsRegistryOut { get; set; }

    /// <summary>How many migrations the image needs to which the tag resolves.</summary>
    public int Edge { get; set; } = 1;

    public DatabaseState? Read() => IsOut ? null : (Which == 0 ? s_states : s_others)[Applied];

    public int Needed(int template) => ModelVersions.Version(template) switch
    {
        ModelVersions.Edge => Edge,
        ModelVersions.Named => 2,
        int version => version,
    };

    /// <summary>Null where the registry does not answer, and for a migration's name.</summary>
    public string? Resolve(int template) =>
        IsRegistryOut || ModelVersions.Version(template) == ModelVersions.Named ? null : Digest(Needed(template));

    /// <summary>The operator's decision; what it does not take from the releases on record is worked out once.</summary>
    public RequirementOutcome Judge(int template, string? knownIdentity, IReadOnlyList<Release> released, DateTimeOffset now)
    {
        if (IsOut)
        {
            return Decide(template, knownIdentity, released, now);
        }

        int key = (((ModelVersions.Version(template) * 8) + Needed(template)) * 32) + (Applied * 4) + (Which * 2) + (IsRegistryOut ? 1 : 0);
        if (!s_outcomes.TryGetValue(key, out RequirementOutcome? outcome))
        {
            s_outcomes[key] = outcome = Decide(template, knownIdentity, released, now);
        }

        return outcome is RequirementOutcome.Satisfied { Release: var release }
            ? new RequirementOutcome.Satisfied(release with { At = now })
            : outcome;
    }

    private RequirementOutcome Decide(int template, string? knownIdentity, IReadOnlyList<Release> released, DateTimeOffset now)
    {
        GateInput input = new(
            Given.Spec, [], IsRegistryOut ? s_registryOut : new Evidence<ChangelogEvidence>.Found(s_images[Needed(template)]),
            Read() is { } state ? new Evidence<DatabaseState>.Found(state) : s_out, knownIdentity, released, GateMemory.None, now);
        return RequirementDecision.Decide(new("shop", ModelVersions.Value(template)), input, Resolve(template));
    }

    private static string Digest(int needed) => $"sha256:{needed}";
}
