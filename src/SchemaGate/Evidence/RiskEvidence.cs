using SchemaGate.Core;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Statements;
using SchemaGate.Postgres;
using SchemaGate.Postgres.Parsing;

namespace SchemaGate.Evidence;

/// <summary>Reads the SQL of a set and says what it does.</summary>
internal static class RiskEvidence
{
    /// <summary>For all of a set's SQL. A hostile script takes seconds; what is not read by then is Unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// In UTF-16 code units. Reading takes up to 45 times as many bytes; the dump of a schema with 200 tables has a fifth of it.
    /// </summary>
    private const int LongestScript = 1 << 20;

    /// <summary>Of a set; each takes up to a kilobyte until the set is judged. Five hundred usual migrations have a fifth of it.</summary>
    private const int MostStatements = 50_000;

    /// <summary>Findings, and locks, that are kept of a migration: evidence stays in memory.</summary>
    private const int MostKept = 100;

    /// <summary>Of a set, but for the worst of each migration; half a kilobyte each.</summary>
    private const int MostKeptOfSet = 20_000;

    /// <summary>One set at a time.</summary>
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>What the judgement of a set takes in memory.</summary>
    public static long BytesOf(Evidence<IReadOnlyList<MigrationRisk>> evidence) =>
        evidence is Evidence<IReadOnlyList<MigrationRisk>>.Found { Value: var risks }
        ? risks.Sum(risk => 512L * (1 + risk.Findings.Count + risk.Locks.Count))
        : 0;

    /// <summary>The same files, with what their migrations do.</summary>
    /// <param name="evidence">The files.</param>
    /// <param name="major">The server's major version; null where it is not known: then what holds on the oldest that is supported.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="cancellation">Ends the waiting for other sets.</param>
    public static async Task<Evidence<ChangelogEvidence>> JudgedAsync(
        Evidence<ChangelogEvidence> evidence, int? major, TimeProvider time, CancellationToken cancellation)
    {
        if (evidence is not Evidence<ChangelogEvidence>.Found { Value: var files })
        {
            return evidence;
        }

        await Turn.WaitAsync(cancellation);
        try
        {
            return new Evidence<ChangelogEvidence>.Found(
                files with { Risks = await Task.Run(() => Judge(files.Migrations, Options(major), time), cancellation) });
        }
        finally
        {
            Turn.Release();
        }
    }

    public static RiskOptions Options(int? major) => RiskOptions.Default with { TargetMajor = major, LockTimeoutIsSet = true };

    public static Evidence<IReadOnlyList<MigrationRisk>> Judge(MigrationSet set, RiskOptions options, TimeProvider time)
    {
        try
        {
            IReadOnlyList<MigrationRisk> risks = RiskJudge.Judge([.. Parse(set, time)], options);
            return risks.FirstOrDefault(risk => risk.Fault is not null) is { Fault: { } fault }
                ? new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, fault)
                : new Evidence<IReadOnlyList<MigrationRisk>>.Found(Kept(risks));
        }
        catch (DatabaseException exception)
        {
            return new Evidence<IReadOnlyList<MigrationRisk>>.Missing(Reasons.RiskNotJudged, exception.Message);
        }
    }

    private static IEnumerable<ParsedMigration> Parse(MigrationSet set, TimeProvider time)
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

    private static ParsedScript Unread(string why) =>
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
                Findings = [.. risk.Findings.OrderByDescending(finding => finding.Severity).Take(most)],
                Locks = [.. risk.Locks.OrderByDescending(hazard => hazard.Mode).Take(most)],
                Ignored = [],
            });
            left -= kept[^1].Findings.Count + kept[^1].Locks.Count;
        }

        return kept;
    }
}
