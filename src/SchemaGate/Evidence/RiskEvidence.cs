using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Evidence;

/// <summary>Reads the SQL of a set and says what it does.</summary>
internal static class RiskEvidence
{
    /// <summary>For the sets of others: each has as long for its SQL, and its rules some more.</summary>
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(30);

    /// <summary>For all of a set's SQL. A hostile script takes seconds; what is not read by then is Unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// In UTF-16 code units. The dump of a schema with 200 tables has a fifth of it.
    /// </summary>
    private const int LongestScript = 1 << 20;

    /// <summary>
    /// Of a set; each takes up to <see cref="StatementBytes"/> until the set is judged. Five hundred usual migrations have a fifth of it.
    /// </summary>
    private const int MostStatements = 50_000;

    private const long StatementBytes = 1 << 10;

    /// <summary>What reading a script takes for each of its UTF-16 code units.</summary>
    private const long BytesOfCharacter = 45;

    /// <summary>What the parser and its tree take for each byte of the one text that it has at a time …</summary>
    private const long BytesOfParsedByte = 330;

    /// <summary>… where it has as many words and signs as it may.</summary>
    private const int LongestParse = 64 << 10;

    /// <summary>Findings, and locks, that are kept of a migration: evidence stays in memory.</summary>
    private const int MostKept = 100;

    /// <summary>Of a set, but for the worst of each migration; half a kilobyte each.</summary>
    private const int MostKeptOfSet = 20_000;

    /// <summary>Two sets at a time, and of them one at most that is slow to judge, or of one tenant.</summary>
    private static readonly TenantPlaces Turns = new(2, TimeProvider.System);

    /// <summary>The same files, with what their migrations do.</summary>
    /// <param name="evidence">The files.</param>
    /// <param name="major">The server's major version; null where it is not known: then what holds on the oldest that is supported.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="cancellation">Ends the waiting for other sets.</param>
    /// <param name="budget">The memory of all readings; null where nobody else reads.</param>
    /// <param name="tenant">Whose set it is.</param>
    /// <exception cref="BudgetException">Its turn did not come in time.</exception>
    public static async Task<Evidence<ChangelogEvidence>> JudgedAsync(
        Evidence<ChangelogEvidence> evidence, int? major, TimeProvider time, CancellationToken cancellation, ReadingBudget? budget = null,
        string tenant = "")
    {
        if (evidence is not Evidence<ChangelogEvidence>.Found { Value: var files })
        {
            return evidence;
        }

        using IDisposable turn = await Turns.EnterAsync(tenant, TurnPatience, cancellation) ?? throw new BudgetException(
            isTooLarge: false,
            $"others' are judged, and its turn did not come within {TurnPatience.TotalSeconds:0} s. It will be tried again");
        Task<Evidence<IReadOnlyList<MigrationRisk>>> Judging() =>
            Task.Run(() => Judge(files.Migrations, Options(major), time), cancellation);
        return new Evidence<ChangelogEvidence>.Found(files with
        {
            Risks = await (budget?.ReadAsync(tenant, BytesOf(files.Migrations), _ => Judging(), cancellation) ?? Judging()),
        });
    }

    /// <summary>
    /// What is said of a set for which there was no room (missing), or none yet (unreachable: it is tried again); it closes as whatever is
    /// not judged does.
    /// </summary>
    public static Evidence<IReadOnlyList<MigrationRisk>> NotJudged(BudgetException exception) =>
        exception.Evidence<IReadOnlyList<MigrationRisk>>(
            "The migrations' SQL is not judged", Reasons.RiskNotJudged, Reasons.RiskNotJudged);

    /// <summary>Whoever waits for it is told when it has been judged.</summary>
    public static Evidence<IReadOnlyList<MigrationRisk>> StillJudging { get; } =
        new Evidence<IReadOnlyList<MigrationRisk>>.Missing(
            Reasons.RiskNotJudged,
            $"The migrations' SQL is still being judged: that takes longer than {Readings.Patience.TotalSeconds:0} s. The gate is looked "
            + "at again when it is done.");

    /// <summary>What judging a set takes in memory, at the worst that usual SQL is.</summary>
    public static long BytesOf(MigrationSet set)
    {
        long longest = Math.Min(LongestScript, set.Migrations.Select(migration => migration.Sql.Length).DefaultIfEmpty().Max());
        long statements = Math.Min(MostStatements, set.Migrations.Sum(migration => 1L + migration.Sql.AsSpan().Count(';')));
        long parsed = Math.Min(longest, LongestParse);
        return (BytesOfCharacter * longest) + (BytesOfParsedByte * parsed) + (StatementBytes * statements);
    }

    public static RiskOptions Options(int? major) => RiskOptions.Default with { TargetMajor = major, LockTimeoutIsSet = true };

    public static Evidence<IReadOnlyList<MigrationRisk>> Judge(MigrationSet set, RiskOptions options, TimeProvider time)
    {
        try
        {
            IReadOnlyList<MigrationRisk> risks = RiskJudge.Judge(
                [.. Parse(set, time)], options with { SetIsWhole = set.IsWhole });
            return risks.FirstOrDefault(risk => risk.Fault is not null) is { Fault: { } fault }
                ? new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, fault)
                : new Evidence<IReadOnlyList<MigrationRisk>>.Found(Kept(risks));
        }
        catch (DatabaseException exception)
        {
            return new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, exception.Message);
        }
    }

    /// <summary>The set's migrations as the parser reads them, within the bounds of a set.</summary>
    public static IEnumerable<ParsedMigration> Parse(MigrationSet set, TimeProvider time)
    {
        (long start, int statements) = (time.GetTimestamp(), 0);
        foreach (Migration migration in set.Migrations)
        {
            ParsedScript script = migration switch
            {
                { Unjudged: { } why } => Unread(why),
                { Sql.Length: > LongestScript } => Unread("it is longer than a million characters"),
                _ when statements > MostStatements => Unread($"the set has more than {MostStatements} statements"),
                _ when time.GetElapsedTime(start) > Patience =>
                    Unread($"the set's SQL could not be read within {Patience.TotalSeconds:0} s"),
                _ => StatementReader.Read(migration.Sql),
            };
            statements += script.Statements.Count;
            yield return new(migration.Name, migration.Sql, script);
        }
    }

    /// <summary>Instead of the statements of a text that was not read.</summary>
    public static ParsedScript Unread(string why) =>
        new([new UnreadStatement(why) { Span = new TextSpan(0, 0, 1, 1) }], StatementReader.ParserVersion);

    /// <summary>The worst are kept.</summary>
    private static List<MigrationRisk> Kept(IReadOnlyList<MigrationRisk> risks)
    {
        List<MigrationRisk> kept = new(risks.Count);
        int left = MostKeptOfSet;
        foreach (MigrationRisk risk in risks)
        {
            int most = Math.Clamp(left, 1, MostKept);
            kept.Add(risk with
            {
                // First what makes the least level: what is cut off must not make it less.
                Findings = [.. risk.Findings.OrderByDescending(finding => finding.Weighs && finding.IsRisk)
                    .ThenByDescending(finding => finding.Severity).Take(most)],
                Locks = [.. risk.Locks.OrderByDescending(hazard => hazard.Mode).Take(most)],
                Ignored = [],
            });
            left -= kept[^1].Findings.Count + kept[^1].Locks.Count;
        }

        return kept;
    }
}
