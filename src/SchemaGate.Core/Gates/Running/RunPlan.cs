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
    private readonly string scopeWithoutDatabase;

    private RunPlan(string identity, string digest, string runner, IReadOnlyList<Migration> required, IReadOnlyList<Migration> pending)
    {
        Scope = ScopeOf(identity, digest, runner, required);
        scopeWithoutDatabase = ScopeOf(NoDatabase, digest, runner, required);
        Hash = pending.Reverse().Aggregate(Scope, Chain);
        // The plan as it was before some of it was applied: the same chain with those migrations in front.
        longer = [Hash];
        string hash = Hash;
        foreach (Migration applied in required.Except(pending).Reverse())
        {
            hash = Chain(hash, applied);
            longer.Add(hash);
        }
    }

    /// <summary>SHA-256, lowercase hex: of the scope and of every pending migration's name and checksum.</summary>
    public string Hash { get; }

    /// <summary>SHA-256, lowercase hex: of the database's identity, the image's digest, the pod that runs, and how far it goes. Progress leaves it as it is.</summary>
    public string Scope { get; }

    /// <param name="identity">The database's identity; null where it does not exist yet.</param>
    /// <param name="digest">The image's.</param>
    /// <param name="runner">What the run's pod is made of, as canonical text.</param>
    /// <param name="required">The migrations that are required, in order.</param>
    /// <param name="pending">Those of them that are not applied, in order.</param>
    public static RunPlan Of(string? identity, string digest, string runner, IReadOnlyList<Migration> required, IReadOnlyList<Migration> pending) =>
        new(identity ?? NoDatabase, digest, runner, required, pending);

    /// <summary>Whether a plan with this hash said everything that this one says.</summary>
    public bool IsPartOf(string hash) => longer.Contains(hash);

    /// <summary>Whether a run of that scope is a run of this plan. A run may create the database: then its identity is known only later.</summary>
    public bool Continues(string scope) => scope == Scope || scope == scopeWithoutDatabase;

    private static string ScopeOf(string identity, string digest, string runner, IReadOnlyList<Migration> required) =>
        Digest($"{identity}\n{digest}\n{(required.Count == 0 ? "" : required[^1].Name)}\n{runner}");

    // A migration's name is a directory's: it has no slash.
    private static string Chain(string hash, Migration migration) => Digest($"{hash}\n{migration.Checksum.Value}/{migration.Name}");

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
