using System.Globalization;
using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>All that a migration does, in its order. Parts of a table that it makes itself are counted with that table.</summary>
internal sealed class ChangeList
{
    /// <summary>More are counted.</summary>
    private const int MostItems = 60;

    private readonly List<Change> changes = [];
    private readonly Dictionary<ObjectName, int> made = [];
    private readonly Dictionary<int, List<string>> parts = [];

    private ChangeList()
    {
    }

    public IReadOnlyList<Change> Changes => changes;

    public static ChangeList Of(MigrationContext whole)
    {
        ChangeList list = new();
        HashSet<ObjectName> dropped = [.. whole.Steps.SelectMany(
            step => step.Statement is DropObjects { Kind: ObjectKind.Table } drop ? drop.Names.Select(step.Schema.Resolve) : [])];
        foreach (StatementContext step in whole.Steps)
        {
            // The statement itself has nothing to say beside its actions.
            if (step is not { Action: null, Statement: AlterTable { Actions.Count: > 0 } })
            {
                list.Add(step, dropped);
            }
        }

        return list;
    }

    /// <summary>As nested bullets, each once, with what is beyond the first ones counted by its command.</summary>
    public IReadOnlyList<string> Items()
    {
        List<(string Text, string Command, int Count)> items = [.. changes
            .Select((change, index) => (Text: change.Text + Parts(index), change.Command))
            .GroupBy(change => change)
            .Select(group => (group.Key.Text, group.Key.Command, group.Count()))];
        IEnumerable<string> told = items.Take(MostItems)
            .Select(item => item.Count == 1 ? item.Text : string.Create(CultureInfo.InvariantCulture, $"{item.Text} ({item.Count} times)"));
        IEnumerable<string> counted = items.Skip(MostItems)
            .GroupBy(item => item.Command, item => item.Count, StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"And {group.Sum()} × {Marked.OneLine(group.Key)}"));
        return [.. told, .. counted];
    }

    private void Add(StatementContext step, HashSet<ObjectName> dropped)
    {
        KnownSchema schema = step.Schema;
        ObjectName? owner = Owner(step.Statement) is { } table ? schema.Resolve(table) : null;
        int place = owner is not null && IsMade(owner, schema) ? made[owner] : -1;
        if (place >= 0 && Part(step) is { } part)
        {
            parts[place].Add(part);
            return;
        }

        // What belongs to a table that the migration makes goes with it, but for a partition that was there before.
        bool goes = step.Statement is DropObjects { Kind: ObjectKind.Table, Names: [var only] }
            ? IsMade(only, schema) && !schema.PartitionsOf(only).Any(partition => !schema.IsNew(partition.Made))
            : place >= 0 && step.Action is not AttachPartition;
        IEnumerable<Change> told = [.. Own(step).Select(change => goes ? Left(change) : change), .. Nested(step)];
        if (step.Statement is CreateTable { IfNotExists: false } create)
        {
            ObjectName name = schema.Resolve(create.Table);
            made[name] = changes.Count;
            parts[changes.Count] = [.. Constraints(create)];
            told = dropped.Contains(name) ? [Left(told.First()), .. told.Skip(1)] : told;
        }

        changes.AddRange(told);
    }

    private static Change Left(Change change) => change with { Undo = Undo.Nothing };

    /// <summary>The migration itself has made the table of that name, and another has not got the name since.</summary>
    private bool IsMade(ObjectName name, KnownSchema schema) =>
        made.ContainsKey(schema.Resolve(name)) && schema.FindTable(name) is { } known && schema.IsNew(known.Made);

    private static IEnumerable<Change> Own(StatementContext step)
    {
        (Statement statement, KnownSchema schema) = (step.Statement, step.Schema);
        return (statement, step.Action) switch
        {
            (AlterTable alter, { } action) => [TableChanges.Altered(alter, action, step)],
            (CreateTable create, _) => [TableChanges.Created(create, schema)],
            (CreateIndex create, _) => [TableChanges.Index(create, schema)],
            _ when TypeChanges.Of(statement, schema) is { } type => [type],
            _ when DataChanges.Of(statement, schema) is { } data => [data],
            _ => ObjectChanges.Of(statement, schema) ?? [CommandChanges.Of(statement, schema)],
        };
    }

    /// <summary>What its WITH does to rows, perhaps of other tables.</summary>
    private IEnumerable<Change> Nested(StatementContext step) => step.Action is not null ? [] : step.Statement.Changes
        .Select(rows => (Rows: rows, Change: DataChanges.Of(rows, step.Schema)))
        .Where(nested => nested.Change is not null)
        .Select(nested => IsMade(nested.Rows.Table, step.Schema) ? Left(nested.Change!) : nested.Change!);

    /// <summary>The table that a statement is about, where what it does goes with the table.</summary>
    private static ObjectName? Owner(Statement statement) => statement switch
    {
        AlterTable { Kind: ObjectKind.Table or ObjectKind.ForeignTable } alter => alter.Table,
        CreateIndex create => create.Table,
        CreateTrigger create => create.Table,
        CreateRule create => create.Table,
        CreatePolicy create => create.Table,
        DataChange change => change.Table,
        CommentOn { Kind: ObjectKind.Table or ObjectKind.Column } comment => comment.Name,
        _ => null,
    };

    /// <summary>What is counted with its table.</summary>
    private static string? Part(StatementContext step) => (step.Statement, step.Action) switch
    {
        (CreateIndex { Unique: true }, _) => "unique index",
        (CreateIndex, _) => "index",
        (_, AddColumn) => "added column",
        (_, AddConstraint add) => ConstraintChanges.Noun(add.Constraint),
        _ => null,
    };

    /// <summary>Those that people ask for; a primary key and NOT NULL go without saying.</summary>
    private static IEnumerable<string> Constraints(CreateTable create) => create.Columns.SelectMany(column => column.Constraints)
        .Concat(create.Constraints)
        .Where(constraint => constraint is not (PrimaryKeyConstraint or NotNullConstraint))
        .Select(ConstraintChanges.Noun);

    private string Parts(int index)
    {
        string[] counted = [.. parts.GetValueOrDefault(index, []).GroupBy(part => part, StringComparer.Ordinal)
            .Select(group => Marked.Count(group.Count(), group.Key))];
        return counted.Length == 0 ? "" : $", {string.Join(", ", counted)}";
    }
}
