using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>What one action of ALTER TABLE makes of its table.</summary>
internal static class ActionFold
{
    public static KnownSchema After(KnownSchema schema, AlterTable alter, TableAction action)
    {
        if (alter.Kind is not (ObjectKind.Table or ObjectKind.ForeignTable))
        {
            return schema;
        }

        KnownTable table = schema.Table(alter.Table);
        return action switch
        {
            AddColumn { Definition.Type.IsSerial: true } add =>
                SchemaFold.Sequences(schema.With(After(schema, table, add)), table.Name, [add.Definition]),
            AlterColumnType change => EnumSwap.After(schema, table, change).With(
                WithColumn(table, change.Column, column => EnumSwap.After(schema, column, change))),
            AttachPartition attach =>
                schema.With(schema.Table(attach.Partition) with { PartitionOf = table.Name, IsDefaultPartition = attach.IsDefault }),
            DetachPartition detach => schema.With(schema.Table(detach.Partition) with { PartitionOf = null, IsDefaultPartition = false }),
            _ => schema.With(After(schema, table, action)),
        };
    }

    /// <summary>As ALTER TABLE does them: drops come first, whatever the text says (PostgreSQL's tablecmds.c, AT_PASS_DROP).</summary>
    public static ValueList<TableAction> InOrder(ValueList<TableAction> actions) =>
        actions.Count < 2 ? actions : [.. actions.Where(IsDrop), .. actions.Where(action => !IsDrop(action))];

    private static bool IsDrop(TableAction action) => action is DropColumn or DropConstraint or DropDefault or DropNotNull or DropIdentity
        or DropExpression;

    private static KnownTable After(KnownSchema schema, KnownTable table, TableAction action) => action switch
    {
        AddColumn { IfNotExists: true } add when table.Column(add.Column) is not null => table,
        AddColumn add => TableFold.AddColumn(schema, table, add.Definition, isAllNull: true),
        DropColumn drop => WithoutColumn(table, drop.Column),
        AddConstraint add => ConstraintFold.Add(schema, table, add.Constraint),
        DropConstraint drop => WithoutConstraint(table, drop.Name),
        ValidateConstraint validate => Validated(table, validate.Name),
        AlterConstraint { Enforce: true } enforce => Validated(table, enforce.Name),
        ColumnAction change => WithColumn(table, change.Column, column => After(column, change)),
        SetLogged set => table with { Persistence = set.Logged ? Persistence.Permanent : Persistence.Unlogged },
        _ => table,
    };

    private static KnownColumn After(KnownColumn column, ColumnAction action) => action switch
    {
        SetNotNull => column with { NotNull = true },
        DropNotNull => column with { NotNull = false },
        SetDefault set => column with { HasDefault = !set.Expression.IsNull },
        DropDefault => column with { HasDefault = false },
        SetExpression set =>
            column with { Generated = column.Generated is { } generated ? generated with { Expression = set.Expression } : null },
        DropExpression { IfExists: true } when column is { Generated: null, Type: not null } => column,
        DropExpression => column with { Generated = null, HasDefault = false },
        AddIdentity add => column with { Identity = add.Kind, HasDefault = true, NotNull = true },
        DropIdentity { IfExists: true } when column is { Identity: null, Type: not null } => column,
        DropIdentity => column with { Identity = null, HasDefault = false },
        _ => column,
    };

    /// <summary>A column that no migration made becomes known by what is said of it.</summary>
    private static KnownTable WithColumn(KnownTable table, string name, Func<KnownColumn, KnownColumn> change) =>
        table.Column(name) is { } column
        ? table with { Columns = table.Columns.Replace(column, change(column)) }
        : table with { Columns = table.Columns.Add(change(new KnownColumn(name, Type: null, Moment.Before))) };

    private static KnownTable WithoutColumn(KnownTable table, string name) => table with
    {
        Columns = table.Columns.RemoveAll(column => column.Name == name),
        Constraints = table.Constraints.RemoveAll(
            constraint => ColumnsOf(constraint.Definition).Contains(name)
                || constraint.Definition is KeyConstraint key && key.Include.Contains(name)),
        Indexes = table.Indexes.RemoveAll(
            index => index.Columns.Contains(name) || index.ExpressionColumns.Contains(name) || index.Include.Contains(name)),
    };

    private static KnownTable WithoutConstraint(KnownTable table, string name) => table with
    {
        // One of several whose names the server made up: it has numbered the others.
        Constraints = table.Constraint(name) is { } constraint ? table.Constraints.Remove(constraint) : table.Constraints,
        Indexes = table.Constraint(name)?.Definition is KeyConstraint or ExclusionConstraint
            && table.Indexes.LastOrDefault(index => index.Name == name) is { } index
            ? table.Indexes.Remove(index)
            : table.Indexes,
    };

    private static KnownTable Validated(KnownTable table, string name)
    {
        if (table.Constraint(name) is not { } constraint)
        {
            return table;
        }

        ImmutableArray<KnownConstraint> constraints = table.Constraints.Replace(constraint, constraint with { IsValid = true });
        KnownTable validated = table with { Constraints = constraints };
        return constraint.Definition is NotNullConstraint { Column: { } column }
            ? WithColumn(validated, column, known => known with { NotNull = true })
            : validated;
    }

    public static ValueList<string> ColumnsOf(Constraint constraint) => constraint switch
    {
        CheckConstraint check => check.Expression.Columns,
        KeyConstraint key => key.Columns,
        ForeignKeyConstraint key => key.Columns,
        ExclusionConstraint exclusion => exclusion.Columns,
        NotNullConstraint { Column: { } column } => [column],
        _ => [],
    };
}
