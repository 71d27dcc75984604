using SchemaGate.Core.Risk.Judging;
using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;
using static SchemaGate.Core.Risk.RiskCategories;

namespace SchemaGate.Core.Risk.Rules;

/// <summary>Enums and domains.</summary>
internal static class TypeRules
{
    public static RiskRule RenamesValue { get; } = new(
        "rename-enum-value", "Code that writes or compares the old value fails", BreaksApplication, RiskSeverity.High,
        "Add the new value at the end, let code write it, change the rows, stop using the old one.")
    {
        Judge = static context => context.Statement is RenameEnumValue rename && !IsNew(context, rename.Type)
            ? [new($"Renames value '{rename.Value}' of {context.Name(rename.Type)} to '{rename.NewValue}': "
                + "code that runs now knows only the old one.")]
            : [],
    };

    public static RiskRule RemovesValue { get; } = new(
        "enum-value-removed", "A type goes, or a value of it: rows and code that have it fail", DataLoss | BreaksApplication,
        RiskSeverity.High, "Leave the value and stop using it; values that come and go belong into a table.")
    {
        Judge = static context => context.Statement switch
        {
            DropObjects { Kind: ObjectKind.Type or ObjectKind.Domain } drop =>
                drop.Names.Where(name => !IsNew(context, name)).Select(name => Removed(context, drop, name)).OfType<Hit>(),
            AlterTable when context.Action is AlterColumnType change => Returned(context, change),
            DeleteRows { Table.Name: "pg_enum" } or UpdateRows { Table.Name: "pg_enum" } =>
                [new("Changes pg_enum by hand: rows with a value that is gone cannot be read, and indexes of it break.")],
            _ => [],
        },
    };

    public static RiskRule UsedTooEarly { get; } = new(
        "enum-value-used-same-tx", "A new enum value cannot be used before it is committed", NonTransactional, RiskSeverity.High,
        "Use it in the next migration.")
    {
        Judge = static context => context is { Action: null, Progress.IsInTransaction: true }
            && context.Schema.EnumChanged == context.Schema.Now && Uses(context.Statement)
            ? AddedNow(context.Schema).Where(added => context.Statement.Literals.Contains(added.Label))
                .Select(added => new Hit($"Uses '{added.Label}' in the transaction that adds it to {context.Name(added.Type)}: "
                    + "PostgreSQL refuses that (55P04)."))
            : [],
    };

    public static RiskRule AddsUnordered { get; } = new(
        "enum-add-value-unordered", "The new value stands between others: "
            + "comparisons and sorting change", Convention, RiskSeverity.Information, "Add it at the end, where the order does not matter.")
    {
        Judge = static context => context.Statement is AddEnumValue add && Place(add) is { } place
            && !IsNew(context, add.Type) && !IsLast(context, add)
            ? [new($"Value '{add.Value}' of {context.Name(add.Type)} stands {place}, not at the end.")]
            : [],
    };

    public static RiskRule ConstrainsDomain { get; } = new(
        "domain-constraint-added", "Every table that uses the domain is read while its writes stop", BlockingLock, RiskSeverity.Medium,
        "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later migration.")
    {
        Judge = static context => context.Statement is AlterDomain
        {
            Action: DomainAction.SetNotNull or DomainAction.AddConstraint,
            Constraint: not { NotValid: true },
        } alter && !IsNew(context, alter.Domain)
            ? [new($"A constraint for domain {context.Name(alter.Domain)} reads {Users(context)} under SHARE: "
                + "writes stop until it is done.")]
            : [],
    };

    /// <summary>
    /// Without CASCADE the server refuses to drop a type that a column has: values go before that, with columns that leave it.
    /// </summary>
    private static Hit? Removed(StatementContext context, DropObjects drop, ObjectName name)
    {
        string type = context.Name(name);
        if (context.Schema.Type(name) is not { } known || known.Made == Moment.Before || !context.Schema.IsComplete)
        {
            Hit untold = new($"Drops type {type}: where another took its place, rows and code with a value that it lacks fail.");
            return context.SeemsMissing(drop, name) ? untold with { Severity = RiskSeverity.Low, IsAssumed = true } : untold;
        }

        if (drop.Cascade && context.Schema.Tables.Any(table => table.Columns.Any(
            column => column.Type is { } own && (context.Schema.Type(own) == known || context.Schema.BaseType(own) == known))))
        {
            return new($"Drops type {type} with CASCADE, and with it every column that has it.");
        }

        string[] lost = [.. known is KnownEnum values ? Lost(context.Schema, values).Distinct(StringComparer.Ordinal) : []];
        return lost.Length == 0 ? null : new(
            $"With type {type} {Labels(lost)} can be no value any more: rows that have it make "
                + "the change fail, and code that writes it fails.");
    }

    /// <summary>The enum that the column left may be gone by now, and its name another's.</summary>
    private static Hit[] Returned(StatementContext context, AlterColumnType change)
    {
        string[] lost = [.. EnumSwap.LostOnReturn(context.Schema, context.Table.Column(change.Column), change)];
        return lost.Length == 0 ? [] :
        [
            new($"`{change.Column}` of {context.TableName} leaves an enum for another by way of text, and {Labels(lost)} can be no value "
                + "any more: rows that have it make the change fail, and code that writes it fails."),
        ];
    }

    private static string Labels(IEnumerable<string> labels) => string.Join(", ", labels.Select(label => $"'{label}'"));

    /// <summary>Where a column's old type was not told, it may have been this one, and the new one any that the migration makes.</summary>
    private static IEnumerable<string> Lost(KnownSchema schema, KnownEnum type) => schema.UntoldSwap.Migration != schema.Now.Migration
        ? type.Lost
        : type.Values.Select(value => value.Label).Where(label => schema.Types.Values.OfType<KnownEnum>()
            .Any(other => schema.IsNew(other.Made) && other.Values.All(value => value.Label != label)));

    private static string Users(StatementContext context) => context.Locks.Count == 0
        ? "every table that uses it"
        : string.Join(", ", context.Locks.Select(held => context.Name(held.Table)));

    private static bool IsNew(StatementContext context, ObjectName type) =>
        context.Schema.Type(type) is { } known && context.Schema.IsNew(known.Made);

    private static string? Place(AddEnumValue add) => add switch
    {
        { Before: { } next } => $"before '{next}'",
        { After: { } previous } => $"after '{previous}'",
        _ => null,
    };

    private static bool IsLast(StatementContext context, AddEnumValue add) =>
        add.After is { } after && context.Schema.Type(add.Type) is KnownEnum { Values: [.., var last], Made: var made }
        && made != Moment.Before && last.Label == after;

    private static IEnumerable<(ObjectName Type, string Label)> AddedNow(KnownSchema schema) => schema.Types.Values.OfType<KnownEnum>()
        .Where(type => !schema.IsInThisTransaction(type.Made))
        .SelectMany(type => type.Values.Where(value => schema.IsInThisTransaction(value.Made)).Select(value => (type.Name, value.Label)));

    private static bool Uses(Statement statement) => statement is DataChange or SelectQuery or AlterTable or CreateTable or CreateIndex
        or CreateView or CreateMaterializedView or CopyData;
}
