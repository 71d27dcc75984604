using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Migrations;
using SchemaGate.Core.Risk;

namespace SchemaGate.Core.Pages;

/// <summary>What a page of one changelog shows; <see cref="PageDocument"/> makes HTML of it.</summary>
/// <param name="Title">The gate, or the directory.</param>
/// <param name="Entries">In the order of the page.</param>
/// <param name="MadeAt">When what it shows was read.</param>
public sealed record ChangelogPage(string Title, IReadOnlyList<PageEntry> Entries, DateTimeOffset MadeAt)
{
    /// <summary>The image with its digest, or the directory; null where that is not known.</summary>
    public string? Source { get; init; }

    /// <summary>The document's path there; null without one.</summary>
    public string? Document { get; init; }

    /// <summary>What a gate says; null where none is asked.</summary>
    public PageGate? Gate { get; init; }

    public IReadOnlyList<PageDatabase> Databases { get; init; } = [];

    /// <summary>How many older entries are not shown.</summary>
    public int Left { get; init; }

    /// <summary>Those that are about none of the entries.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What else the reader should know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where the overview is; null where there is none.</summary>
    public string? Overview { get; init; }
}

/// <summary>Where an entry stands.</summary>
public enum EntryStanding
{
    /// <summary>It blocks: the schema changed, and there is no migration.</summary>
    Pending,

    /// <summary>A migration that no entry names.</summary>
    Undocumented,

    Migrated,

    Deployed,
}

/// <summary>One entry of the timeline.</summary>
/// <param name="Name">The entry's, or the migration's that has none.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Findings">What is wrong with it.</param>
/// <param name="Migrations">Those of the set that it is about.</param>
public sealed record PageEntry(
    string Name, EntryStanding Standing, IReadOnlyList<Finding> Findings, IReadOnlyList<PageMigration> Migrations)
{
    /// <summary>The stated risk; null where none is.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>Its dates as written: <c>("Date Added", "December 2024")</c>.</summary>
    public IReadOnlyList<(string Label, string Text)> Dates { get; init; } = [];

    /// <summary>The Markdown below its heading, without what is shown otherwise already; null where nothing is.</summary>
    public EntryText? Prose { get; init; }
}

/// <summary>One migration.</summary>
/// <param name="File">The migration.</param>
/// <param name="Risk">What its SQL does; null where nobody has judged it.</param>
/// <param name="Applied">What each database says of it, in the order of the page's databases.</param>
/// <param name="Shown">How many characters of its SQL are shown.</param>
public sealed record PageMigration(Migration File, MigrationRisk? Risk, IReadOnlyList<AppliedFact> Applied, int Shown);

/// <summary>What is said of one migration in one database.</summary>
public enum AppliedState
{
    NotKnown,
    NotApplied,
    Applied,

    /// <summary>Applied, and the file has changed since.</summary>
    Edited,

    /// <summary>It failed, or it runs now.</summary>
    Unfinished,
    RolledBack,
}

/// <summary>A migration's state in a database.</summary>
/// <param name="At">Since when; null where nobody says.</param>
public readonly record struct AppliedFact(AppliedState State, DateTimeOffset? At = null);

/// <summary>One database.</summary>
/// <param name="Name">What the reader calls it.</param>
/// <param name="Identity">Which one it is: system, database and schema; null where it did not say.</param>
/// <param name="Problem">Why it is not known what is applied, in a sentence; null where it is.</param>
/// <param name="Facts">By migration's name; of a name that is missing nothing is known.</param>
public sealed record PageDatabase(string Name, string? Identity, string? Problem, IReadOnlyDictionary<string, AppliedFact> Facts)
{
    public AppliedFact Of(string migration) => Facts.GetValueOrDefault(migration);
}

/// <summary>What a gate's status says.</summary>
/// <param name="Name"><c>namespace/name</c>.</param>
/// <param name="Verdict">Open, Blocked, Migrating or Unknown.</param>
/// <param name="Reason">The first rule that closed it.</param>
/// <param name="Message">The gate's own sentence.</param>
/// <param name="Conditions">Each witness.</param>
/// <param name="Held">The objects that wait: <c>deployment/shop</c>; maybe not all of them.</param>
public sealed record PageGate(
    string Name, string Verdict, string Reason, string Message, IReadOnlyList<PageCondition> Conditions, IReadOnlyList<string> Held)
{
    /// <summary>Workloads and pods that wait, in numbers.</summary>
    public (int Workloads, int Pods) HeldCount { get; init; }

    /// <summary>Applied and required, such as <c>12/14</c>; empty where that is not known.</summary>
    public string Progress { get; init; } = "";

    /// <summary>The plan's risk; null where nothing is planned.</summary>
    public string? PlannedRisk { get; init; }

    /// <summary>Whether its status is about an older spec.</summary>
    public bool IsStale { get; init; }
}

/// <summary>One condition of a gate's status.</summary>
/// <param name="Status">True, False or Unknown.</param>
public sealed record PageCondition(string Type, string Status, string Reason, string Message);
