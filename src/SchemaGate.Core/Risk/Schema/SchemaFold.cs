using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>The schema after a statement, from the schema before it.</summary>
internal static class SchemaFold
{
    public static KnownSchema After(KnownSchema schema, Statement statement) => statement switch
    {
        CreateTable create => Sequences(TableFold.Create(schema, create), create.Table, create.Columns),
        AlterTable alter => ActionFold.InOrder(alter.Actions).Aggregate(schema, (left, action) => ActionFold.After(left, alter, action)),
        CreateIndex create => TableFold.Create(schema, create),
        DropObjects drop => DropFold.After(schema, drop),
        RenameObject rename => RenameFold.After(schema, rename),
        SetSchema set => RenameFold.After(schema, set),
        CreateSchema create =>
            create.Elements.Aggregate(schema with { SearchSchema = create.Name }, After) with { SearchSchema = schema.SearchSchema },
        CreateView create => schema.With(new KnownView(schema.Resolve(create.Name), Made(schema, create.Name), IsMaterialized: false)),
        CreateMaterializedView create =>
            schema.With(new KnownView(schema.Resolve(create.Name), Made(schema, create.Name), IsMaterialized: true)),
        CreateSequence create => schema.With(new KnownSequence(schema.Resolve(create.Name), Made(schema, create.Name))),
        CreateFunction create => Function(schema, create),
        CreateTrigger create => Attached(schema, create.Table, (ObjectKind.Trigger, create.Name)),
        CreateRule create => Attached(schema, create.Table, (ObjectKind.Rule, create.Name)),
        CreatePolicy create => Attached(schema, create.Table, (ObjectKind.Policy, create.Name)),
        DataChange change => Written(schema, change),
        SelectQuery { Changes.Count: > 0 } query => query.Changes.Aggregate(schema, Written),
        CopyData { IsFrom: true, Table: { } table } => Written(schema, table),
        SetParameter set => Parameter(schema, set),
        _ when IsOpaque(schema, statement) => schema with { IsComplete = false },
        _ => TypeFold.After(schema, statement),
    };

    /// <summary>Nobody can say from the text what it does. A rollback takes back what is known, and is not followed.</summary>
    public static bool IsOpaque(KnownSchema schema, Statement statement) => statement switch
    {
        DoBlock or CallProcedure or ExecutePrepared or UnreadStatement => true,
        SelectQuery query => query.Functions.Any(name => schema.Function(name) is { Volatility: FunctionVolatility.Volatile }),
        TransactionControl control => control.Command is TransactionCommand.Rollback or TransactionCommand.RollbackTo,
        _ => false,
    };

    /// <summary>A new session: its settings and temporary tables are gone.</summary>
    public static KnownSchema NewSession(KnownSchema schema, Moment now, string searchSchema) => schema.WithoutTemporaries() with
    {
        Now = now,
        SearchSchema = searchSchema,
        Parameters = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
    };

    private static Moment Made(KnownSchema schema, ObjectName name) =>
        schema.Relations.GetValueOrDefault(schema.Resolve(name))?.Made ?? schema.Now;

    /// <summary>A serial column makes its sequence (documentation, 8.1.4).</summary>
    public static KnownSchema Sequences(KnownSchema schema, ObjectName table, IEnumerable<ColumnDefinition> columns) =>
        columns.Where(column => column.Type is { IsSerial: true })
            .Select(column => Sequence(schema.Resolve(table), column.Name))
            .Where(name => !schema.Relations.ContainsKey(name))
            .Aggregate(schema, (left, name) => left.With(new KnownSequence(name, schema.Now)));

    public static ObjectName Sequence(ObjectName table, string column) => table with { Name = $"{table.Name}_{column}_seq" };

    private static KnownSchema Attached(KnownSchema schema, ObjectName table, (ObjectKind Kind, string Name) part) =>
        schema.FindTable(table) is { IsFull: false } known && !known.Attached.Contains(part)
            ? schema.With(known with { Attached = known.Attached.Add(part) })
            : schema;

    private static KnownSchema Function(KnownSchema schema, CreateFunction create)
    {
        ObjectName name = create.Name.Schema is null ? create.Name with { Schema = schema.SearchSchema } : create.Name;
        Moment made = create.OrReplace && schema.Functions.TryGetValue(name, out KnownFunction? before) ? before.Made : schema.Now;
        return schema with { Functions = schema.Functions.SetItem(name, new KnownFunction(name, made, create.Volatility)) };
    }

    private static KnownSchema Written(KnownSchema schema, DataChange change) =>
        change.Changes.Aggregate(change is DeleteRows ? schema : Written(schema, change.Table), Written);

    private static KnownSchema Written(KnownSchema schema, ObjectName name) =>
        schema.FindTable(name) is { } table && table.Columns.Any(column => column.IsAllNull)
            ? schema.With(table with { Columns = [.. table.Columns.Select(column => column with { IsAllNull = false })] })
            : schema;

    private static KnownSchema Parameter(KnownSchema schema, SetParameter set)
    {
        KnownSchema left = set switch
        {
            { Name: null } => schema with { Parameters = schema.Parameters.Clear() },
            { Value: null } => schema with { Parameters = schema.Parameters.Remove(set.Name) },
            _ => schema with { Parameters = schema.Parameters.SetItem(set.Name, set.Value) },
        };
        string? first = set.Name != "search_path" ? null : set.Value?.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Trim('"')).FirstOrDefault(part => part is not ("" or "$user"));
        return first is null ? left : left with { SearchSchema = first };
    }
}
