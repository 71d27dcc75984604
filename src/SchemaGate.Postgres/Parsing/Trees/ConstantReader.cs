using System.Globalization;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>
/// Reads <c>A_Const</c>, and what options have in its place. Up to PostgreSQL 14 the value is a node of its own, later a field.
/// </summary>
internal static class ConstantReader
{
    public static bool IsNull(Node constant) => constant.Flag("isnull") || constant["val"]["Null"].Exists;

    /// <summary>The text of a string constant; null for others.</summary>
    public static string? String(Node constant)
    {
        if (constant["sval"] is { Exists: true } text)
        {
            return text.Text("sval") ?? "";
        }

        return constant["val"] is { Tag: "String" } older ? older.Literal : null;
    }

    /// <summary>What an option or a type's modifier is set to; null where it is nothing that could be written in a word.</summary>
    public static string? Text(Node node) => node.Tag switch
    {
        "A_Const" when IsNull(node.Body) => null,
        "A_Const" => String(node.Body) ?? Number(node.Body),
        "String" => node.Literal,
        "Integer" => Integer(node.Body),
        "Float" => Float(node.Body),
        "Boolean" => node.Body.Flag("boolval") ? "true" : "false",
        "TypeName" => TypeReader.Read(node).ToString(),
        "TypeCast" => Text(node.Body["arg"]),
        "List" => string.Join(", ", node.AsItems().Select(Text)),
        _ => null,
    };

    private static string? Number(Node constant) => constant switch
    {
        _ when constant["ival"] is { Exists: true } integer => Integer(integer),
        _ when constant["fval"] is { Exists: true } number => Float(number),
        _ when constant["boolval"] is { Exists: true } truth => truth.Flag("boolval") ? "true" : "false",
        _ when constant["bsval"] is { Exists: true } bits => bits.Text("bsval"),
        _ when constant["val"] is { Exists: true } older => Text(older),
        _ => null,
    };

    private static string Integer(Node node) => node.Number("ival").ToString(CultureInfo.InvariantCulture);

    private static string Float(Node node) => node.Text("fval") ?? node.Text("str") ?? "";

    /// <summary>The option of that name in a list of <c>DefElem</c>.</summary>
    public static Node Option(IEnumerable<Node> options, string name) =>
        options.Select(option => option["DefElem"]).FirstOrDefault(option => option.Text("defname") == name);

    /// <summary>Whether an option such as <c>VACUUM (FULL)</c> is on: named alone, or with a word for true.</summary>
    public static bool IsOn(IEnumerable<Node> options, string name) =>
        Option(options, name) is { Exists: true } option
        && (Text(option["arg"]) is not { } value || value.ToUpperInvariant() is not ("FALSE" or "OFF" or "0"));
}
