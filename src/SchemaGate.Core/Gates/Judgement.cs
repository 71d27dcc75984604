using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Drifting;
using SchemaGate.Core.Gates.Rehearsing;
using SchemaGate.Core.Gates.Running;
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
    private RunPlan? plan;
    private RunPlan? rehearsalPlan;

    /// <param name="input">The evidence.</param>
    /// <param name="named">The migration that is required alone; null for what the image requires.</param>
    private Judgement(GateInput input, string? named)
    {
        GateSpec spec = Spec = input.Spec;
        SpecProblems = input.SpecProblems;
        Changelog = named is null ? input.Changelog : null;
        Database = input.Database;
        Released = input.Released;
        Drift = input.Drift;
        (RunningCode, UnlistedCode, Sessions) = (input.RunningCode, input.UnlistedCode, input.Sessions);
        Image = (Changelog as Evidence<ChangelogEvidence>.Found)?.Value;
        State = (Database as Evidence<DatabaseState>.Found)?.Value;
        // Also for a migration that is named alone: what another application's tool calls alike must not count, and some histories do
        // not tell without the files.
        MigrationSet? known = (input.Changelog as Evidence<ChangelogEvidence>.Found)?.Value.Migrations;
        IsForeign = State is { IsStandby: false, History.Tool: var tool } && Image?.Migrations.Problems.Count is null or 0
            && ((spec.Database.Tool ?? known?.Tool) is { } expected ? tool != expected : named is not null && tool != MigrationTool.Prisma);
        Tool = State?.History?.Tool ?? spec.Database.Tool ?? known?.Tool ?? MigrationTool.Prisma;
        History = HistoryOf(known, named is null ? [] : [named]);
        Required = named is null ? RequiredOf(Image?.Migrations, spec.Through) : [named];
        Pending = History is null ? null : Required?.Where(name => !History.Applied.ContainsKey(name)).ToList();
        Risks = (Image?.Risks as Evidence<IReadOnlyList<MigrationRisk>>.Found)?.Value;
        PendingRisks = Risks is null || Pending is null ? null
            : [.. Risks.IntersectBy(Pending, risk => risk.Migration, StringComparer.Ordinal)];
        Findings = Image is null ? [] : FindingsOf(Image, spec, History, isAsked: Database is not null);
    }

    public GateSpec Spec { get; }

    public IReadOnlyList<string> SpecProblems { get; }

    public Evidence<ChangelogEvidence>? Changelog { get; }

    public Evidence<DatabaseState>? Database { get; }

    public IReadOnlyList<Release> Released { get; }

    public DriftEvidence? Drift { get; }

    public ChangelogEvidence? Image { get; }

    public DatabaseState? State { get; }

    /// <summary>Whose history this is, or would be.</summary>
    public MigrationTool Tool { get; }

    /// <summary>
    /// Whether the history is of another tool than the migrations are, as far as is known: then no name of the one says anything of the
    /// other.
    /// </summary>
    public bool IsForeign { get; }

    /// <summary>
    /// Whether the schema has tables and no history, where the tool will not begin with such a one: Prisma's P3005, and Flyway's "Found
    /// non-empty schema(s) without schema history table". The others begin wherever they are.
    /// </summary>
    public bool NeedsBaseline
        => State is { IsStandby: false, History: null, HasTables: true } && Tool is MigrationTool.Prisma or MigrationTool.Flyway;

    /// <summary>
    /// The history in the migrations' names; empty for an empty schema; null where it is not known (not read, a standby, a schema
    /// without a baseline).
    /// </summary>
    public MigrationHistory? History { get; }

    /// <summary>The names that are required, in the set's order.</summary>
    public IReadOnlyList<string>? Required { get; }

    /// <summary>The last of them; null where none is known.</summary>
    public string? Through => Required is [.., var last] ? last : null;

    /// <summary>The required names that are not applied, in the set's order.</summary>
    public IReadOnlyList<string>? Pending { get; }

    /// <summary>What a run would do now; null where that is not known, or nobody runs anything.</summary>
    public RunPlan? Plan => plan ??= Spec.Migrate.Mode == MigrateMode.External || Image is not { Digest: { } digest } || Required is null
        || Pending is null ? null
        : RunPlan.Of(State?.Identity.ToString(), digest, Spec.Migrate.Runner, Of(Required), Of(Pending));

    /// <summary>What is to be rehearsed now, whoever runs it afterwards; null where that is not known, or nobody asks for it.</summary>
    public RunPlan? RehearsalPlan => rehearsalPlan ??= Spec.Rehearsal.Mode == RehearsalMode.Never || Image is not { Digest: { } digest }
        || Required is null || Pending is not { Count: > 0 } || State is null ? null
        : RunPlan.Of(
            State.Identity.ToString(), digest,
            $"{Spec.RehearsedFrom} {Spec.Rehearsal.ScratchUrlFrom}{(Spec.AsksForStatements ? "" : " without statements")}"
                + (Spec.Rehearsal.Like == RehearsalLikeness.Live ? " like live" : ""),
            Of(Required), Of(Pending));

    /// <summary>The rehearsal of what is pending now, settled; null where there is none yet, or another is asked for.</summary>
    public RehearsalRecord? Rehearsal => Run is { Rehearsal.Record: { } record } run && RehearsalPlan is { } asked
        && asked.IsPartOf(record.Plan) && record.Result != RehearsalResult.Canceled && record.Retry == run.Retry
        && (record.Result == RehearsalResult.Passed || record.Settings == Spec.Migrate.Fingerprint) ? record : null;

    /// <summary>Why nothing can be rehearsed; null where it can.</summary>
    public RunObstacle? RehearsalObstacle => this switch
    {
        { Run.Rehearsal.Problem: { } problem } => new RunObstacle.OfOperator(problem),
        { Image.Migrations.Tool: var tool and not MigrationTool.Prisma } => new RunObstacle.OtherTool(tool),
        _ => null,
    };

    /// <summary>The pods that require anything of the gate and have not ended; null where nobody had to ask.</summary>
    public IReadOnlyList<RunningCode>? RunningCode { get; }

    public string? UnlistedCode { get; }

    public SessionEvidence? Sessions { get; }

    /// <summary>The gate's runs, the last one settled; null where nobody runs anything.</summary>
    public RunEvidence? Run { get; private set; }

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

    /// <summary>
    /// Migrations that count as applied because a later version is, and of which the document says so little: it calls a later one
    /// DEPLOYED and not this, and an earlier one, too: a document that was begun late says nothing of what was before it. A file that
    /// was added below what has run never runs (golang-migrate's one number, a baseline).
    /// </summary>
    public IReadOnlyList<string> NeverRun
    {
        get
        {
            if (Image is null || History is null)
            {
                return [];
            }

            HashSet<string> deployed = [.. Image.Document.Entries.Where(entry => entry.Status == ChangelogStatus.Deployed)
                .SelectMany(entry => entry.MigrationFiles.Append(entry.Name))];
            return [.. Core.Changelogs.NeverRun.Among(
                Image.Migrations.Names, deployed, History.Applied.ContainsKey,
                name => History.Applied.GetValueOrDefault(name) is { IsInferred: true })];
        }
    }

    /// <summary>Migrations of the history that the image lacks, that no squash replaced and that nobody else is known to own.</summary>
    public IReadOnlyList<string> Unknown => Unlisted.Where(row => !IsOlder(row)).Select(row => row.Name).ToList();

    /// <summary>Applied migrations that the image lacks because its first one has replaced them: its past, not its future.</summary>
    public IReadOnlyList<string> Squashed => Unlisted.Where(IsOlder).Select(row => row.Name).ToList();

    /// <summary>Whether the history has migrations of others (<c>policy.ignoreUnknown</c>).</summary>
    public bool HasOthers => Image is not null && History is not null && History.Applied.Keys
        .Except(Image.Migrations.Names, StringComparer.Ordinal).Any(IsIgnored);

    /// <summary>
    /// Migrations that were begun and neither finished nor rolled back; what the image has is nobody else's, whatever a pattern says.
    /// </summary>
    public IReadOnlyList<HistoryRow> Unfinished => History?.Unfinished
        .Where(row => !IsIgnored(row.Name) || Image?.Migrations.Names.Contains(row.Name, StringComparer.Ordinal) == true).ToList() ?? [];

    /// <summary>Why no Job can apply these migrations; null where one can.</summary>
    public RunObstacle? Obstacle => this switch
    {
        { Run.Problem: { } problem } => new RunObstacle.OfOperator(problem),
        { Spec.Migrate: { Mode: MigrateMode.Job, HasTemplate: false }, Image.Migrations.Tool: var tool and not MigrationTool.Prisma } =>
            new RunObstacle.OtherTool(tool),
        _ => null,
    };

    /// <summary>Whether a run has to wait for a person; nobody is asked for one that cannot be.</summary>
    public bool NeedsApproval => Spec.Migrate.Mode == MigrateMode.Job && Obstacle is null && Pending is { Count: > 0 } && !IsApproved
        && Spec.Policy.Approval switch
        {
            ApprovalMode.Never => false,
            ApprovalMode.Always => true,
            _ => PendingRisks is not { } risks || risks.Count < Pending.Count || risks.Any(risk => risk.LeastLevel > RiskLevel.Low)
                || Image!.Document.Entries.Any(entry => entry.Risk > RiskLevel.Low && Pending.Contains(entry.Name, StringComparer.Ordinal)),
        };

    /// <summary>A run goes on with what was approved before it began, also where it has created the database since.</summary>
    public bool IsApproved => Plan is { } plan && Run is { Approval.Plan: { } approved } run && plan.IsPartOf(approved, run.Record);

    public static Judgement OfImage(GateInput input)
    {
        Judgement judgement = new(input, named: null) { Run = input.Run };
        return input.Run is not { } run ? judgement : judgement.With(
            RunSettlement.Settle(run, judgement, input.Now), RehearsalSettlement.Settle(run.Rehearsal, input.Spec, input.Now));
    }

    public static Judgement OfMigration(GateInput input, string name) => new(input, name);

    /// <summary>The same evidence with another last run and another last rehearsal.</summary>
    public Judgement With(RunRecord? record, RehearsalRecord? rehearsal)
    {
        Judgement copy = (Judgement)MemberwiseClone();
        copy.Run = Run! with { Record = record, Rehearsal = Run.Rehearsal with { Record = rehearsal } };
        return copy;
    }

    /// <summary>The image's migrations of these names, in the set's order; there has to be an image.</summary>
    public List<Migration> Of(IReadOnlyList<string> names) =>
        [.. Image!.Migrations.Migrations.IntersectBy(names, migration => migration.Name, StringComparer.Ordinal)];

    private MigrationHistory? HistoryOf(MigrationSet? known, IReadOnlyList<string> named)
    {
        if (Database is Evidence<DatabaseState>.Missing { Reason: Reasons.DatabaseMissing })
        {
            // A database that is not there has no migration: whoever creates it begins with the first.
            return MigrationHistory.Empty;
        }

        if (IsForeign || NeedsBaseline || State is null or { IsStandby: true })
        {
            return null;
        }

        return State.History is { } history ? MigrationLayouts.Named(history, known, named) : MigrationHistory.Empty;
    }

    /// <summary>An image older than <c>require.through</c> does not have that migration: all that it has is required.</summary>
    private static List<string>? RequiredOf(MigrationSet? set, string? through)
    {
        int last = set is null ? -1 : set.Names.ToList().IndexOf(through ?? "");
        return set?.Names.Take(last < 0 ? set.Names.Count : last + 1).ToList();
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

    private IEnumerable<HistoryRow> Unlisted => Image is null || History is null ? [] : History.Applied.Values
        .ExceptBy(Image.Migrations.Names, row => row.Name, StringComparer.Ordinal).Where(row => !IsIgnored(row.Name));

    /// <summary>
    /// Sorts before the image's first migration; or began before that one was marked as applied without running, which is how Prisma's
    /// documentation has it (https://www.prisma.io/docs/orm/prisma-migrate/workflows/squashing-migrations:
    /// 000000000000_squashed_migrations, which sorts before all).
    /// </summary>
    private bool IsOlder(HistoryRow row) => Image!.Migrations is { Tool: MigrationTool.Prisma, Names: [var first, ..] }
        && (MigrationNameComparer.Instance.Compare(row.Name, first) < 0
            || (History!.Applied.TryGetValue(first, out HistoryRow? marked) && marked.AppliedSteps == 0
                && row.StartedAt < marked.StartedAt));

    private bool IsIgnored(string name) => (Spec.Policy.IgnoreUnknown ?? []).Any(pattern => Glob.Matches(pattern, name));
}
