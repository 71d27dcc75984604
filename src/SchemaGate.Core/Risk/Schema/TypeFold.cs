using System.Collections.Immutable;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Schema;

/// <summary>Enums, domains and other types.</summary>
internal static class TypeFold
{
    public static KnownSchema After(KnownSchema schema, Statement statement) => statement switch
    {
        CreateEnumType create => schema.With(new KnownEnum(
            Name(schema, create.Type), schema.Now, [.. create.Values.Select(value => new KnownEnumValue(value, schema.Now))])),
        AddEnumValue add when schema.Type(add.Type) is KnownEnum known =>
            schema.With(known with { Values = Added(known.Values, add, schema.Now) }) with { EnumChanged = schema.Now },
        AddEnumValue add =>
            schema.With(new KnownEnum(Name(schema, add.Type), Moment.Before, [new KnownEnumValue(add.Value, schema.Now)])) with
            {
                EnumChanged = schema.Now,
            },
        RenameEnumValue rename when schema.Type(rename.Type) is KnownEnum known => schema.With(known with
        {
            Values = [.. known.Values.Select(value => value.Label == rename.Value ? value with { Label = rename.NewValue } : value)],
        }),
        CreateDomain create => schema.With(new KnownDomain(Name(schema, create.Domain), schema.Now, create.Type, create.IsConstrained)),
        AlterDomain { Action: DomainAction.SetNotNull or DomainAction.AddConstraint } alter
            when schema.Type(alter.Domain) is KnownDomain known =>
            schema.With(known with { IsConstrained = true }),
        CreateType create => schema.With(new KnownOtherType(Name(schema, create.Type), schema.Now)),
        _ => schema,
    };

    private static ImmutableArray<KnownEnumValue> Added(ImmutableArray<KnownEnumValue> values, AddEnumValue add, Moment now)
    {
        if (values.Any(value => value.Label == add.Value))
        {
            return values;
        }

        int neighbour = values.Select(value => value.Label).ToList().IndexOf(add.Before ?? add.After ?? "");
        int place = add.Before is null ? neighbour + 1 : neighbour;
        return values.Insert(neighbour < 0 ? values.Length : place, new KnownEnumValue(add.Value, now));
    }

    private static ObjectName Name(KnownSchema schema, ObjectName name) =>
        name.Schema is null ? name with { Schema = schema.SearchSchema } : name;
}
