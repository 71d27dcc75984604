using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

internal static class TypeReader
{
    /// <summary>A <c>TypeName</c>, wrapped or not.</summary>
    public static TypeName Read(Node node)
    {
        Node type = node["TypeName"] is { Exists: true } wrapped ? wrapped : node;
        ObjectName name = Names.Qualified(type.Items("names"));
        return new TypeName(name.Schema, name.Name, [.. type.Items("typmods").Select(Modifier)], type.Items("arrayBounds").Count());
    }

    private static string Modifier(Node node) => node.Tag == "ColumnRef"
        ? string.Join('.', node.Body.Items("fields").Select(field => field.Literal))
        : ConstantReader.Text(node) ?? "";
}
