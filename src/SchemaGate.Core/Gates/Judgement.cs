using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Migrations.Layouts;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Gates;

/// <summary>
/// What follows from the evidence, worked out once for all rules: one image, or one named migration, beside one database. A part
/// whose witness was not read is null: no rule may take it for empty.
/// </summary>
internal sealed class Judgement
{
    private Judgement(
        GateSpec spec,
        IReadOnlyList<string> specProblems,
        Evidence<ChangelogEvidence>? changelog,
        Evidence<DatabaseState>? database,
        IReadOnlyList<Release> released,
        string? named,
        MigrationSet? known)
    {
        Spec = spec;
        SpecProblems = specProblems;
        Changelog = changelog;
        Database = database;
        Released = released;
        Image = (changelog as Evidence<ChangelogEvidence>.Found)?.Value;
        State = (database as Evidence<DatabaseState>.Found)?.Value;
        IsForeign = State is { IsStandby: false, History.Tool: var tool } && Image?.Migrations.Problems.Count is null or 0
            && ((spec.Database.Tool ?? known?.Tool) is { } expected ? tool != expected : named is not null && tool != MigrationTool.Prisma);
        Tool = State?.History?.Tool ?? spec.Database.Tool ?? known?.Tool ?? MigrationTool.Prisma;
        History = IsForeign || NeedsBaseline ? null : HistoryOf(State, known, named);
        Required = named is not null ? [named] : Image is null ? null : RequiredOf(Image.Migrations, spec.Through);
        Pending = History is null ? null : Required?.Where(name => !History.Applied.ContainsKey(name)).ToList();
        Risks = (Image?.Risks as Evidence<IReadOnlyList<MigrationRisk>>.Found)?.Value;
        PendingRisks = Risks is null || Pending is null ? null
            : [.. Risks.IntersectBy(Pending, risk => risk.Migration, StringComparer.Ordinal)];
        Findings = Image is null ? [] : FindingsOf(Image, spec, History, isAsked: database is not null);
    }

    public GateSpec Spec { get; }

    public IReadOnlyList<string> SpecProblems { get; }

    public Evidence<ChangelogEvidence>? Changelog { get; }

    public Evidence<DatabaseState>? Database { get; }

    public IReadOnlyList<Release> Released { get; }

    public ChangelogEvidence? Image { get; }

    public DatabaseState? State { get; }

    /// <summary>Whose history this is, or would be.</summary>
    public MigrationTool Tool { get; }

    /// <summary>Whether the history is of another tool than the migrations are, as far as is known: then no name of the one says anything of the other.</summary>
    public bool IsForeign { get; }

    /// <summary>
    /// Whether the schema has tables and no history, where the tool will not begin with such a one: Prisma's P3005, and Flyway's "Found non-empty schema(s)
    /// without schema history table". The others begin wherever they are.
    /// </summary>
    public bool NeedsBaseline => State is { IsStandby: false, History: null, HasTables: true } && Tool is MigrationTool.Prisma or MigrationTool.Flyway;

    /// <summary>The history in the migrations' names; empty for an empty schema; null where it is not known (not read, a standby, a schema without a baseline).</summary>
    public MigrationHistory? History { get; }

    /// <summary>The names that are required, in the set's order.</summary>
    public IReadOnlyList<string>? Required { get; }

    /// <summary>The required names that are not applied, in the set's order.</summary>
    public IReadOnlyList<string>? Pending { get; }

    /// <summary>What the document says wrongly by itself, beside the migrations and beside the history.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>What the image's migrations do; null where it is not known.</summary>
    public IReadOnlyList<MigrationRisk>? Risks { get; }

    /// <summary>What the pending ones do; null where that is not known.</summary>
    public IReadOnlyList<MigrationRisk>? PendingRisks { get; }

    /// <summary>Applied migrations whose file is another now.</summary>
    public IReadOnlyList<string> Edited => Image is null || History is null ? [] : Image.Migrations.Migrations
        .Where(migration => History.Applied.TryGetValue(migration.Name, out HistoryRow? row) && !migration.Checksum.Matches(row.Checksum))
        .Select(migration => migration.Name).ToList();

    /// <summary>Pending migrations that sort before an applied one.</summary>
    public IReadOnlyList<string> OutOfOrder
    {
        get
        {
            if (Image is not { Migrations.IsOrdered: true } || History is null || Pending is null)
            {
                return [];
            }

            string? last = Image.Migrations.Names.LastOrDefault(History.Applied.ContainsKey);
            HashSet<string> before = Image.Migrations.Names.TakeWhile(name => name != last).ToHashSet(StringComparer.Ordinal);
            return last is null ? [] : Pending.Where(before.Contains).ToList();
        }
    }

    /// <summary>Migrations of the history that the image lacks and that nobody else is known to own.</summary>
    public IReadOnlyList<string> Unknown => Image is null || History is null ? [] : History.Applied.Keys
        .Except(Image.Migrations.Names, StringComparer.Ordinal).Where(name => !IsIgnored(name)).ToList();

    /// <summary>Migrations that were begun and neither finished nor rolled back.</summary>
    public IReadOnlyList<HistoryRow> Unfinished => History?.Unfinished.Where(row => !IsIgnored(row.Name)).ToList() ?? [];

    public static Judgement OfImage(GateInput input) => new(
        input.Spec, input.SpecProblems, input.Changelog, input.Database, input.Released, named: null, KnownTo(input));

    public static Judgement OfMigration(GateInput input, string name) => new(
        input.Spec, input.SpecProblems, changelog: null, input.Database, input.Released, name, KnownTo(input));

    /// <summary>
    /// The migrations that are known beside the history. Also for one that is named alone: what another application's tool calls alike must not
    /// count, and some histories do not tell without the files.
    /// </summary>
    private static MigrationSet? KnownTo(GateInput input) => (input.Changelog as Evidence<ChangelogEvidence>.Found)?.Value.Migrations;

    private static MigrationHistory? HistoryOf(DatabaseState? state, MigrationSet? set, string? named) =>
        state is null or { IsStandby: true } ? null
        : state.History is { } history ? MigrationLayouts.Named(history, set, named is null ? [] : [named])
        : MigrationHistory.Empty;

    /// <summary>An image older than <c>require.through</c> does not have that migration: all that it has is required.</summary>
    private static List<string> RequiredOf(MigrationSet set, string? through)
    {
        int last = set.Names.ToList().IndexOf(through ?? "");
        return set.Names.Take(last < 0 ? set.Names.Count : last + 1).ToList();
    }

    /// <summary>
    /// A history that was asked for and is not known closes by its own reason. What is wrong only with a pending migration is left out
    /// until the history tells which are pending: an outage would else make a fault of every old migration without an entry.
    /// </summary>
    private static List<Finding> FindingsOf(ChangelogEvidence image, GateSpec spec, MigrationHistory? history, bool isAsked)
    {
        ChangelogPolicy policy = new(spec.Policy.Undocumented, spec.Changelog.RecordsThisDatabase);
        HashSet<string>? applied = history?.Applied.Keys.ToHashSet(StringComparer.Ordinal);
        IEnumerable<Finding> understated = image.Risks is Evidence<IReadOnlyList<MigrationRisk>>.Found { Value: var risks }
            ? RiskConsistency.Check(image.Document, risks, applied, spec.Policy.RiskMismatch)
            : [];
        IEnumerable<Finding> compared = ChangelogConsistency.Check(image.Document, image.Migrations, applied, policy).Concat(understated)
            .Where(finding => !isAsked || history is not null || finding.Id is not
                (FindingIds.UndocumentedMigration or FindingIds.MigrationFileMismatch or FindingIds.RiskUnderstated));
        return [.. image.Document.Findings, .. compared];
    }

    private bool IsIgnored(string name) => (Spec.Policy.IgnoreUnknown ?? []).Any(pattern => Glob.Matches(pattern, name));
}
