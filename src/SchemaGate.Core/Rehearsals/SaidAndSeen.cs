using SchemaGate.Core.Risk;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Locks;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Rehearsals;

/// <summary>Where the text of a migration said something else of a table than what was seen.</summary>
/// <param name="IsSettled">The text left it open, and what was seen decides; else one of the two is wrong.</param>
public sealed record SeenOtherwise(ObjectName Table, bool IsSettled, string Sentence);

/// <summary>
/// The rules' locks beside those that were seen. Types of columns that no migration made, DO blocks and functions are not in the text:
/// what was seen counts.
/// </summary>
public static class SaidAndSeen
{
    public static IReadOnlyList<SeenOtherwise> Compare(MigrationRisk said, ObservedMigration seen)
    {
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(seen);
        bool isOpen = said.Findings.Any(finding => finding.Categories.HasFlag(RiskCategories.Unjudged));
        bool isWatched = seen.Statements.Any(statement => statement.IsWatched);
        ILookup<ObjectName, LockHazard> hazards = said.Locks.Where(hazard => !hazard.IsOfIndex).ToLookup(hazard => hazard.Table);
        ILookup<ObjectName, ObservedLock> locks = seen.Statements.SelectMany(statement => statement.Locks)
            .Where(held => held.Index is null && held.Mode >= LockMode.ShareUpdateExclusive).ToLookup(held => held.Table);
        List<SeenOtherwise> others = [];
        foreach (ObjectName table in hazards.Select(group => group.Key).Union(locks.Select(group => group.Key)))
        {
            Lock text = Lock.Of(hazards[table].Select(hazard => (hazard.Mode, hazard.Work)));
            Lock trace = Lock.Of(locks[table].Select(held => (held.Mode, held.Work)));
            // An empty database reads nothing of a foreign key's parent: there is no row to look up.
            bool isParent = hazards[table].Any() && hazards[table].All(hazard => hazard.IsOther);
            bool agree = text == trace || (trace.IsWithin(text) && (isWatched || (isParent && text.Mode == trace.Mode)));
            if (!agree)
            {
                bool isSettled = hazards[table].Any(hazard => hazard.IsAssumed) || (isOpen && text.IsWithin(trace));
                others.Add(new(table, isSettled, $"{table}: the text says {text}; seen was {trace}"));
            }
        }

        return others;
    }

    /// <summary>What a server tells apart: an index build is a scan to it.</summary>
    private readonly record struct Lock(LockMode Mode, bool Scans, bool Rewrites)
    {
        public static Lock Of(IEnumerable<(LockMode Mode, LockWork Work)> all)
        {
            (LockMode mode, LockWork work) = all.Aggregate(
                (LockMode.None, LockWork.None),
                (left, right) => ((LockMode)Math.Max((int)left.Item1, (int)right.Mode), left.Item2 | right.Work));
            bool rewrites = work.HasFlag(LockWork.Rewrite);
            return new(mode, work != LockWork.None && !rewrites, rewrites);
        }

        public bool IsWithin(Lock other) =>
            Mode <= other.Mode && (!Rewrites || other.Rewrites) && (!Scans || other.Scans || other.Rewrites);

        public override string ToString()
        {
            string work = this switch { { Rewrites: true } => ", rewritten", { Scans: true } => ", read", _ => "" };
            return Mode == LockMode.None ? "nothing" : $"{LockSentence.Words(Mode)}{work}";
        }
    }
}
