namespace SchemaGate.Core.Gates;

/// <summary>
/// A change of a gate's spec by which it lets more through, or runs more, than before. Who may edit a gate may not do so by that right
/// alone: the verbs <c>approve</c> and <c>override</c> would guard nothing.
/// </summary>
/// <param name="Field">The field, as <c>spec.enforcement</c>.</param>
/// <param name="Verb">The right that it takes.</param>
public sealed record Loosening(string Field, string From, string To, string Verb)
{
    public const string Approve = "approve";
    public const string Override = "override";

    public override string ToString() => $"{Field} from {From} to {To}";

    /// <summary>A tighter or equal spec has none. What is judged (image, database, directory) is what a gate is for.</summary>
    public static IReadOnlyList<Loosening> Of(GateSpec before, GateSpec now)
    {
        List<Loosening> found = [];
        void Add(bool isLooser, string field, object from, object to, string verb = Override)
        {
            if (isLooser)
            {
                found.Add(new($"spec.{field}", $"{from}", $"{to}", verb));
            }
        }

        void Policy(string field, Func<GatePolicy, PolicyMode> mode) => Add(
            mode(before.Policy) == PolicyMode.Block && mode(now.Policy) != PolicyMode.Block,
            $"policy.{field}", mode(before.Policy), mode(now.Policy));

        void Ignored(string field, Func<GatePolicy, IReadOnlyList<string>?> globs, Func<GatePolicy, PolicyMode> mode)
        {
            string[] more = [.. (globs(now.Policy) ?? []).Except(globs(before.Policy) ?? [], StringComparer.Ordinal)];
            Add(more.Length > 0 && mode(before.Policy) == PolicyMode.Block, $"policy.{field}", "less", string.Join(", ", more));
        }

        Add(
            now.Enforcement == Enforcement.Observe && before.Enforcement != Enforcement.Observe,
            "enforcement", before.Enforcement, now.Enforcement);
        Add(
            before.Changelog.Verify is { } asked && now.Changelog.Verify?.IsAsStrictAs(asked) != true,
            "changelog.verify", "its keys", now.Changelog.Verify is null ? "none" : "others");
        Add(now.Suspend && !before.Suspend, "suspend", "false", "true");
        Add(now.Policy.Approval < before.Policy.Approval, "policy.approval", before.Policy.Approval, now.Policy.Approval, Approve);
        Policy("undocumented", policy => policy.Undocumented);
        Policy("riskMismatch", policy => policy.RiskMismatch);
        Policy("edited", policy => policy.Edited);
        Policy("outOfOrder", policy => policy.OutOfOrder);
        Policy("databaseAhead", policy => policy.DatabaseAhead);
        Policy("unpinned", policy => policy.Unpinned);
        Policy("breaks", policy => policy.Breaks);
        Add(
            now.Policy.Contract != Rehearsing.ContractMode.Wait && before.Policy.Contract == Rehearsing.ContractMode.Wait,
            "policy.contract", before.Policy.Contract, now.Policy.Contract);
        Add(now.Rehearsal.Mode < before.Rehearsal.Mode, "rehearsal.mode", before.Rehearsal.Mode, now.Rehearsal.Mode);
        // A server that cannot be reached proves nothing, nor does a database of which no copy can be made.
        Add(
            before.Rehearsal.Mode != Rehearsing.RehearsalMode.Never && now.Rehearsal.Mode != Rehearsing.RehearsalMode.Never
                && now.Rehearsal.Like != before.Rehearsal.Like,
            "rehearsal.like", before.Rehearsal.Like, now.Rehearsal.Like);
        Add(
            before.Rehearsal is { Mode: not Rehearsing.RehearsalMode.Never, ScratchUrlFrom: var scratch }
                && now.Rehearsal.Mode != Rehearsing.RehearsalMode.Never && now.Rehearsal.ScratchUrlFrom != scratch,
            "rehearsal.scratchUrlFrom", Secret(before.Rehearsal.ScratchUrlFrom), Secret(now.Rehearsal.ScratchUrlFrom));
        Policy("drift", policy => policy.Drift);
        Ignored("ignoreUnknown", policy => policy.IgnoreUnknown, policy => policy.DatabaseAhead);
        Ignored("ignoreDrift", policy => policy.IgnoreDrift, policy => policy.Drift);
        return found;
    }

    private static string Secret(Notifying.SecretKeyName? from) => from is null ? "none" : $"{from.Name}/{from.Key}";
}

/// <summary>That a person made a gate let more through than before.</summary>
/// <param name="What">Each field with what it was and is.</param>
/// <param name="By">The user, as the API server says.</param>
public sealed record Loosened(string What, string By, DateTimeOffset At);
