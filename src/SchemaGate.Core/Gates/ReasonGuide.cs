using System.Collections.Frozen;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates.Wording;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Gates;

/// <summary>What a reason means, and what opens or mends it.</summary>
/// <param name="Meaning">One or two sentences.</param>
/// <param name="Next">What to do, one sentence each, commands in backquotes; <c>NAMESPACE</c> and <c>GATE</c> stand for the gate's.</param>
public sealed record ReasonAdvice(string Meaning, IReadOnlyList<string> Next)
{
    public ReasonAdvice For(string ns, string gate) => this with
    {
        Next = [.. Next.Select(
            step => step.Replace("NAMESPACE", ns, StringComparison.Ordinal).Replace("GATE", gate, StringComparison.Ordinal))],
    };
}

/// <summary>Every reason, explained to who meets it.</summary>
public static class ReasonGuide
{
    private const string Annotate = "`kubectl -n NAMESPACE annotate schemagate GATE --overwrite schemagate.dev/retry=\"$(date)\"`.";

    internal const string Apply
        = "Apply the image's migrations: `schemagate migrate`, or `npx prisma migrate deploy`, in a checkout of that version.";
    private const string Publish
        = "Build and push the image anew under a new tag, and name that in spec.changelog.image and in the workload's annotation.";
    private const string Verify = "See all of it with file and line: `schemagate verify`, in a checkout of that version.";
    private const string Edit = "Mend the gate: `kubectl -n NAMESPACE edit schemagate GATE`.";
    internal const string History = "See what the database says: `schemagate status --database URL`.";
    private const string Look = "See what the gate says: `kubectl -n NAMESPACE get schemagate GATE`.";
    internal const string UrlSecret
        = "See which Secret it names: `kubectl -n NAMESPACE get schemagate GATE -o jsonpath='{.spec.database.urlFrom}'`.";
    internal const string Retry = "Where the gate says that a run failed: mend what it says, then "
        + Annotate;
    private const string Outage
        = "Nothing has to be done to the gate: it is read again by itself, and what was released stays so meanwhile.";

    /// <summary>With the commands of Prisma and of SchemaGate itself.</summary>
    public static FrozenDictionary<string, ReasonAdvice> All { get; } = new Dictionary<string, ReasonAdvice>(StringComparer.Ordinal)
    {
        [Reasons.SpecInvalid] = new("The gate's spec is wrong; nothing is asked before it is mended.", [Edit]),
        [Reasons.Suspended] = new("spec.suspend is set: nothing is released, and nothing more is held.",
            ["Resume it: `kubectl -n NAMESPACE patch schemagate GATE --type merge -p '{\"spec\":{\"suspend\":false}}'`."]),
        [Reasons.ImageReferenceInvalid] = new(
            "spec.changelog.image cannot be read as an image's reference, or asks for plain HTTP, which the operator does not allow.",
            [Edit]),
        [Reasons.RegistryUnreachable] = new(
            "The registry does not answer.",
            [Outage, "Look whether the registry is up, and reachable from the operator."]),
        [Reasons.StillReading] = new(
            "The image takes long to read. It is read beside everything else, and the gate is looked at when that is done.",
            [Outage, "If it does not end: ship the changelog and the migrations in a small image of their own, or look at the registry."]),
        [Reasons.RegistryAccessDenied] = new("The registry refuses to show the image.",
            [
                "Give it credentials: `kubectl -n NAMESPACE create secret docker-registry NAME`, named in spec.changelog.pullSecretRef.",
                "Or make the image readable to everyone.",
            ]),
        [Reasons.ImageNotFound] = new("The registry has no such image (yet).", ["Push the image; the gate sees it by itself.", Edit]),
        [Reasons.ImageInvalid] = new("The image is broken, too large, or of an unknown kind.", [Publish]),
        [Reasons.ImageUnsigned] = new("spec.changelog.verify asks for a signature, and the image has none.",
            ["Sign it: `cosign sign --key cosign.key IMAGE@DIGEST`; the gate sees it by itself."]),
        [Reasons.SignatureInvalid] = new(
            "The image has signatures, and none is of a key of spec.changelog.verify and of this very image.",
            [
                "Find out who pushed and signed it before anything else: `cosign verify --key cosign.pub IMAGE`.",
                "Sign it with a required key: `cosign sign --key cosign.key IMAGE@DIGEST`.",
            ]),
        [Reasons.VerificationKeyInvalid] = new(
            "What the Secret of spec.changelog.verify.keysFrom holds is no public key that can verify signatures.",
            ["Put the public key there in PEM, ECDSA or RSA: `kubectl -n NAMESPACE create secret generic NAME --from-file=cosign.pub`."]),
        [Reasons.ChangelogNotFound] = new("The image has no changelog document where the gate looks for it.",
            ["Ship the document in the image, or name its path in spec.changelog.document.", Publish, Edit]),
        [Reasons.MigrationsNotFound] = new("The image has no migration where the gate looks for them.",
            ["Ship the migrations in the image, or name their directory in spec.changelog.migrations.", Publish, Edit]),
        [Reasons.MigrationsInvalid] = new("Prisma would refuse the image's migrations directory.", [Verify, Publish]),
        [Reasons.ChangelogInvalid] = new("The image's document is no changelog: none of its sections is there.", [Verify, Publish]),
        [Reasons.PendingChanges] = new("The document has an entry that is PENDING: a change without its migration.",
            [
                "Create the migration: `npx prisma migrate dev --name <description>`.",
                "Move its entry to the Migrated section with the status MIGRATED.",
                Publish,
            ]),
        [Reasons.MigrationFileMissing] = new(
            "An entry is MIGRATED, and the image has no such migration.",
            [Verify, "Add the migration, or mend the entry.", Publish]),
        [Reasons.UndocumentedMigration]
            = new("A migration that is not applied yet has no entry in the document (spec.policy.undocumented).",
            [Verify, "Write its entry.", Publish]),
        [Reasons.ChangelogInconsistent]
            = new("The document contradicts itself or the migrations.", [Verify, "Mend the document.", Publish]),
        [Reasons.SecretNotFound] = new("There is no Secret with the database's URL, it lacks the key, or the operator may not read it.",
            [UrlSecret, "Create it with that key, or grant the operator get, list and watch on it."]),
        [Reasons.DatabaseUrlInvalid] = new(
            "The Secret's database URL cannot be used.",
            [UrlSecret, "Write a postgresql:// URL into it; the gate sees the change by itself."]),
        [Reasons.DatabaseMissing] = new(
            "The server has no such database.",
            ["Create it: `schemagate migrate` does, where the role may.", UrlSecret]),
        [Reasons.DatabaseUnreachable] = new(
            "The database does not answer.",
            [Outage, "Look whether the database is up, and reachable from the operator."]),
        [Reasons.DatabaseAccessDenied] = new("The database refuses the login, or the schema.",
            [UrlSecret, "Mend user and password, or grant the role to read the history: `GRANT SELECT ON _prisma_migrations TO <role>`."]),
        [Reasons.DatabaseIsStandby] = new(
            "The URL leads to a standby, which may lag: it is no evidence.",
            [UrlSecret, "Write the primary's URL into it."]),
        [Reasons.HistoryUnreadable]
            = new("The table of applied migrations cannot be read, or there are several, or it is another tool's than the migrations are.",
            [
                History,
                "Grant the role to read it: `GRANT SELECT ON _prisma_migrations TO <role>`.",
                "Name the tool that is meant in spec.database.tool.",
            ]),
        [Reasons.BaselineRequired] = new("The schema has tables and no history of migrations (Prisma's P3005).",
            [
                "Record once what is there as applied, in a checkout of the version that built it: "
                + "`schemagate resolve --baseline`, with `--through <migration>` where the schema has only the first of them.",
            ]),
        [Reasons.Migrating] = new("Somebody applies migrations at this moment.", ["Wait: the gate looks again by itself.", History]),
        [Reasons.MigrationFailed] = new(
            "A migration was begun and has not finished, and nobody runs (Prisma's P3009); or a run of it failed before that. "
            + "No waiting ends it.",
            [
                History,
                Retry,
                "If nothing of it remains in the database: `schemagate resolve --rolled-back <migration>`, then migrate again.",
                "If all of it is there: `schemagate resolve --applied <migration>`.",
                "If a part of it is there: take that back, or do the rest by hand, first.",
            ]),
        [Reasons.MigrationRetrying] = new(
            "A run failed in a way that may pass: a lost connection, a lock, a deadlock. It is tried again by itself.",
            [Look, "The run's log: `kubectl -n NAMESPACE logs job/<status.run.job>`."]),
        [Reasons.HistoryRegressed]
            = new("A migration was applied when it was released, and the history has lost it: a restored backup, or an edited history.",
            [
                History,
                Apply,
                "Where only the history was lost, and the schema has what the migration does: "
                + "`schemagate resolve --applied <migration>`.",
            ]),
        [Reasons.MigrationEdited] = new("The file of an applied migration is another now (spec.policy.edited).",
            [Verify, "Restore the file as it was applied, and put the change into a new migration.", Publish,
                "Or, where the edit changes nothing that ran: `schemagate resolve --accept-checksum <migration>`."]),
        [Reasons.MigrationOutOfOrder] = new("A migration that is not applied sorts before one that is (spec.policy.outOfOrder).",
            [Verify, "Rename it to sort last, or set spec.policy.outOfOrder to Warn.", Publish]),
        [Reasons.DatabaseAhead] = new(
            "The database has migrations that the image lacks (spec.policy.databaseAhead). Those that a squash replaced do not count.",
            [History, "Name a newer image, or list migrations of others in spec.policy.ignoreUnknown.", Edit]),
        [Reasons.DeployedNotApplied] = new(
            "The document says DEPLOYED, which means this database (spec.changelog.recordsThisDatabase), and the history does not have it.",
            [History, Apply, "Or mend the entry."]),
        [Reasons.RiskUnderstated] = new("An entry states less risk than its migration's SQL has (spec.policy.riskMismatch).",
            [
                Verify,
                "See what the SQL does: `schemagate lint`, in a checkout of that version.",
                "State the level that it has, or change the migration.",
                Publish,
            ]),
        [Reasons.RiskNotJudged] = new(
            "The migrations' SQL could not be judged; where spec.policy.riskMismatch is Block, that closes the gate.",
            [Look]),
        [Reasons.SchemaDrifted] = new(
            "Something was changed in the database that no migration did (spec.policy.drift): the schema is not what the applied "
            + "migrations build.",
            [
                "See every difference, and the SQL that mends it: `schemagate diff --database URL`, in a checkout of that version.",
                "To keep the change, write the migration that it lacks: `schemagate drift adopt NAME`, in a checkout of that version.",
                "To undo it, run what `schemagate diff --output sql --direction database` prints, when it has been read.",
                "Where it is somebody else's business, list it in spec.policy.ignoreDrift.",
                "It is compared again within spec.database.driftRecheck. At once: "
                + Annotate,
            ]),
        [Reasons.DriftNotJudged] = new(
            "The schema was not compared with what the applied migrations build; where spec.policy.drift is Block, that closes the gate.",
            [Look, "Compare it by hand: `schemagate diff --database URL`, in a checkout of that version."]),
        [Reasons.Rehearsing] = new(
            "The pending migrations are rehearsed in a scratch database, or will be (spec.rehearsal).",
            ["The rehearsal's log: `kubectl -n NAMESPACE logs job/<status.rehearsal.job>`.", "Nothing has to be done: it ends by itself."]),
        [Reasons.RehearsalFailed] = new(
            "A pending migration fails in a scratch database, so nothing runs in the gate's own (spec.rehearsal).",
            [
                "See how: `kubectl -n NAMESPACE get schemagate GATE -o jsonpath='{.status.rehearsal}'`.",
                "Mend the migration.",
                Publish,
                "Where the scratch server was at fault, mend that, then "
                + Annotate,
            ]),
        [Reasons.RehearsalUnavailable] = new(
            "The pending migrations could not be rehearsed (spec.rehearsal). It closes nothing; spec.policy.breaks: Block does.",
            [
                "Mend what the condition Rehearsed says: grant CREATEDB, or name a server in spec.rehearsal.scratchUrlFrom.",
                "Then " + Annotate,
            ]),
        [Reasons.StatementsBroken] = new(
            "A pending migration breaks statements that running code uses (spec.policy.breaks).",
            [
                "See which: `kubectl -n NAMESPACE get schemagate GATE -o jsonpath='{.status.rehearsal.statements}'`.",
                "Expand first, and contract in a later release.",
                "Or set spec.policy.breaks to Warn, which takes the verb override; an approval does not do it.",
            ]),
        [Reasons.StatementsNotProven] = new(
            "Whether the pending migrations break statements of running code is not known (spec.policy.breaks).",
            [
                "Mend what the condition RunningCodeSurvives says: pg_stat_statements in the database, and the right to read it.",
                "Then " + Annotate,
            ]),
        [Reasons.ContractWaits] = new(
            "A pending migration breaks statements of running code, and waits until no pod and no session of older code is left "
                + "(spec.policy.contract).",
            ["See which: the gate's message, and `kubectl -n NAMESPACE get pods -l schemagate.dev/gated=true`.",
                "Let them end; the migration runs by itself then."]),
        [Reasons.ContractStuck] = new(
            "It would wait for ever: the code that it waits for is replaced only by a revision that waits for it (spec.policy.contract).",
            [
                "Make two releases of it: first the code that does without what goes, then the migration.",
                "Or set spec.policy.contract to Warn, which takes the verb override.",
                $"Or, where only the statistics remember such code: `{ContractWords.Forget}`, then "
                + Annotate,
            ]),
        [Reasons.ApprovalRequired] = new("The pending migrations are risky, and a run of them waits for a person (spec.policy.approval).",
            ["See what they do: `kubectl -n NAMESPACE get schemagate GATE -o yaml`, status.plan.",
                "`schemagate approve -n NAMESPACE GATE`, which needs the verb approve on the gate."]),
        [Reasons.MigrationsPending] = new(
            "Required migrations are not applied.",
            [Apply, "The gate sees it by itself, within spec.database.recheck."]),
        [Reasons.Open] = new("Nothing closes the gate: every required migration is applied.", []),
        [Reasons.AsExpected] = new("A condition that holds.", []),
        [Reasons.NotRead] = new("What a condition rests on could not be read; another condition says why.", [Look]),
        [Reasons.GateNotFound] = new(
            "A workload or a waiter names a gate that does not exist (yet, or any more). What is new is held; what was released passes.",
            ["See which there are: `schemagate status -n NAMESPACE`.", "Apply the gate, or mend the annotation schemagate.dev/requires."]),
        [Reasons.GateUnreadable] = new(
            "A workload or a waiter names a gate that is there and that cannot be read. What is new is held; what was released passes.",
            ["Apply the gate again without what the message names.", "Or delete it and create it anew."]),
        [Reasons.RequirementInvalid] = new(
            "A workload's requirement cannot be read, or its pod template lacks the label schemagate.dev/gated: \"true\".",
            ["Write schemagate.dev/requires: GATE=<image or migration> into the pod template's annotations, several separated by commas."]),
        [Reasons.RequirementUnpinned] = new(
            "A gate is named without a requirement, which its policy refuses: it would mean whatever the gate names at that moment.",
            ["Write schemagate.dev/requires: GATE=<image or migration>.", "Or set spec.policy.unpinned to Warn."]),
        [Reasons.AwaitingDecision] = new(
            "Nobody has judged it yet.",
            [Look, "If it stays so, look whether the operator runs and watches the namespace."]),
        [Reasons.DatabaseChanged] = new("It was released in another database than the one that the gate names now.", [Apply, UrlSecret]),
        [Reasons.RequirementUnknown] = new(
            "Somebody waits for a requirement that no gated workload and no gate's image asks for: nobody judges it.",
            ["Set the gate's spec.changelog.image to it, or let a gated workload require it.", "Or mend what the waiter asks for."]),
        [Reasons.NotEnforced] = new("The gate only observes (spec.enforcement: Observe): nobody is kept waiting.", []),
        [Reasons.Satisfied] = new("A release: every required migration was applied.", []),
        [Reasons.Overridden] = new("A person opened the gate for one requirement, whatever closes it; it ends by itself.",
            ["Who, why and until when: the condition Overridden of the gate."]),
        [Reasons.WriteRefused] = new(
            "The API server refuses what the operator writes: another policy or webhook, a quota or a missing right is against it.",
            [
                "Mend what the message names, or let it except the operator's ServiceAccount; it is tried again by itself.",
                "Compare the operator's rights with those in config/rbac.",
            ]),
        [Reasons.Notified] = new("The receiver of spec.notify has taken the news that the gate has opened.", []),
        [Reasons.NotifyPending] = new(
            "The receiver of spec.notify is told that the gate has opened, or is told again: it has not taken it yet. It closes nothing.",
            ["Nothing has to be done to the gate; look whether the receiver is up, and reachable from the operator."]),
        [Reasons.NotifyFailed] = new(
            "The receiver of spec.notify was not told that the gate has opened, and is not told again by itself. It closes nothing.",
            [
                "Mend what the condition Notified says: spec.notify, its Secrets, or the receiver.",
                "Then, where nothing of the gate or its Secrets changed: "
                + Annotate,
            ]),
        [Reasons.Adopted] = new("A release: the revision ran when the gate first saw it.", []),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A reason with the commands of the tool that applies the migrations; null for an unknown reason.</summary>
    public static ReasonAdvice? Of(string reason, MigrationTool tool)
    {
        ReasonAdvice? advice = All.GetValueOrDefault(reason);
        return advice is null || tool == MigrationTool.Prisma ? advice : ForeignAdvice.Of(reason, ToolGuide.Of(tool), advice);
    }
}
