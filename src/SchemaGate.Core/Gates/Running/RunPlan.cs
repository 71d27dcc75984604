using System.Security.Cryptography;
using System.Text;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates.Running;

/// <summary>
/// What a run would do, in one hash: which migrations, from which image, into which database, by which pod. Whoever approves a plan
/// approves what remains of it, too.
/// </summary>
public sealed class RunPlan
{
    /// <summary>Stands for the identity of a database that is not there yet.</summary>
    private const string NoDatabase = "missing";

    private readonly HashSet<string> longer;
    private readonly HashSet<string> longerWithoutDatabase;
    private readonly string scopeWithoutDatabase;

    private RunPlan(string identity, string digest, string runner, IReadOnlyList<Migration> required, IReadOnlyList<Migration> pending)
    {
        Scope = ScopeOf(identity, digest, runner, required);
        scopeWithoutDatabase = ScopeOf(NoDatabase, digest, runner, required);
        longer = Longer(Scope, required, pending, out string hash);
        longerWithoutDatabase = Longer(scopeWithoutDatabase, required, pending, out _);
        Hash = hash;
    }

    /// <summary>SHA-256, lowercase hex: of the scope and of every pending migration's name and checksum.</summary>
    public string Hash { get; }

    /// <summary>
    /// SHA-256, lowercase hex: of the database's identity, the image's digest, the pod that runs, and how far it goes. Progress leaves
    /// it as it is.
    /// </summary>
    public string Scope { get; }

    /// <param name="identity">The database's identity; null where it does not exist yet.</param>
    /// <param name="digest">The image's.</param>
    /// <param name="runner">What the run's pod is made of, as canonical text.</param>
    /// <param name="required">The migrations that are required, in order.</param>
    /// <param name="pending">Those of them that are not applied, in order.</param>
    public static RunPlan Of(
        string? identity,
        string digest,
        string runner,
        IReadOnlyList<Migration> required,
        IReadOnlyList<Migration> pending) =>
        new(identity ?? NoDatabase, digest, runner, required, pending);

    /// <summary>Whether a plan with this hash said everything that this one says.</summary>
    /// <param name="record">The last run: what it has created the database for goes on there, until all of it is applied.</param>
    public bool IsPartOf(string hash, RunRecord? record = null) => longer.Contains(hash)
        || (record is { Result: not RunResult.Succeeded } && record.Plan == hash && record.Scope == scopeWithoutDatabase
            && longerWithoutDatabase.Contains(hash));

    /// <summary>
    /// Whether a run of that scope is a run of this plan. A run may create the database: then its identity is known only later.
    /// </summary>
    public bool Continues(string scope) => scope == Scope || scope == scopeWithoutDatabase;

    /// <summary>The plan, and as it was before some of it was applied: the same chain with those migrations in front.</summary>
    private static HashSet<string> Longer(
        string scope,
        IReadOnlyList<Migration> required,
        IReadOnlyList<Migration> pending,
        out string plan)
    {
        string hash = plan = pending.Reverse().Aggregate(scope, Chain);
        return [plan, .. required.Except(pending).Reverse().Select(applied => hash = Chain(hash, applied))];
    }

    private static string ScopeOf(string identity, string digest, string runner, IReadOnlyList<Migration> required) =>
        Digest($"{identity}\n{digest}\n{(required.Count == 0 ? "" : required[^1].Name)}\n{runner}");

    // A migration's name is a directory's: it has no slash.
    private static string Chain(string hash, Migration migration) => Digest($"{hash}\n{migration.Checksum.Value}/{migration.Name}");

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
