using System.Text;
using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Tests.Changelogs;

namespace SchemaGate.Tests.Gates;

/// <summary>Worlds for tests: an image with documented migrations, a database with some of them, and what was decided before.</summary>
internal static class Given
{
    public const string Reference = "registry.test/shop/schema:1";
    public const string Digest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly DatabaseIdentity Identity = new("7301", "shop", "public");

    public static GateSpec Spec { get; } = new(
        new(Reference, null, ChangelogSource.DefaultMigrations, TimeSpan.FromMinutes(5), PlainHttp: false, RecordsThisDatabase: false),
        new("shop-db", "DATABASE_URL", null, TimeSpan.FromSeconds(30)),
        Through: null, new(), Enforcement.Hold, Suspend: false);

    /// <summary>The name of the migration with this number; names sort as their numbers.</summary>
    public static string M(int number) => $"202401{number:00}000000_m{number}";

    public static string[] Ms(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(M)];

    public static string Entry(string name, string status = "MIGRATED") => $"### {name}\n- **Status:** {status}\n";

    /// <summary>An image with these migrations; without a document, one in which each is MIGRATED.</summary>
    public static ChangelogEvidence Image(IReadOnlyList<string> names, string? document = null, string? digest = Digest) => new(
        Reference, digest, "CHANGELOG.md",
        ChangelogParser.Parse(document ?? Document.Of(migrated: string.Concat(names.Select(name => Entry(name))))),
        Set(names));

    public static MigrationSet Set(IEnumerable<string> names) => MigrationSet.Read(names.Select(name =>
        KeyValuePair.Create($"{name}/migration.sql", (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Sql(name)))));

    public static HistoryRow Row(string name, HistoryRowState state = HistoryRowState.Applied, string? sql = null) => new(
        name, name, MigrationChecksum.Of(sql ?? Sql(name)).Value, Now.AddDays(-1),
        state == HistoryRowState.Applied ? Now.AddDays(-1) : null, state == HistoryRowState.RolledBack ? Now : null, 1, null);

    public static DatabaseState State(params IEnumerable<HistoryRow> rows) =>
        new(Identity, IsStandby: false, new([.. rows]), HasTables: true, RunInProgress: false, 15);

    public static DatabaseState Applied(params IEnumerable<string> names) => State(names.Select(name => Row(name)));

    public static GateInput Input(ChangelogEvidence image, DatabaseState state) => new(
        Spec, [], new Evidence<ChangelogEvidence>.Found(image), new Evidence<DatabaseState>.Found(state),
        state.Identity.ToString(), [], GateMemory.None, Now);

    /// <summary>Migrations 1 to last in the image, 1 to applied in the database.</summary>
    public static GateInput Input(int last, int applied) => Input(Image(Ms(1, last)), Applied(Ms(1, applied)));

    public static GateInput With(this GateInput input, Func<GateSpec, GateSpec> change) => input with { Spec = change(input.Spec) };

    public static GateInput With(this GateInput input, Func<GatePolicy, GatePolicy> change) =>
        input.With((GateSpec spec) => spec with { Policy = change(spec.Policy) });

    public static GateInput DatabaseOut(this GateInput input) => input with
    {
        Database = new Evidence<DatabaseState>.Unreachable(Reasons.DatabaseUnreachable, "db.test:5432 does not answer."),
    };

    public static GateInput RegistryOut(this GateInput input) => input with
    {
        Changelog = new Evidence<ChangelogEvidence>.Unreachable(Reasons.RegistryUnreachable, "registry.test does not answer."),
    };

    /// <summary>The next look, with the decision as its memory, as status would keep it.</summary>
    public static GateInput After(this GateInput input, Decision decision, TimeSpan passed, string? digest = Digest) => input with
    {
        Previous = new(SameSpec: true, decision.Verdict, digest, Identity.ToString(), decision.Conditions),
        Now = input.Now + passed,
    };

    public static Release Release(
        string requirement = Reference, string? digest = Digest, string? through = null, string? identity = null) =>
        new("shop", requirement, digest, through, identity ?? Identity.ToString(), Now.AddHours(-1), Reasons.Satisfied);

    public static GateCondition Condition(this Decision decision, string type) =>
        Assert.Single(decision.Conditions, condition => condition.Type == type);

    private static string Sql(string name) => $"CREATE TABLE t_{name} (id int);\n";
}
