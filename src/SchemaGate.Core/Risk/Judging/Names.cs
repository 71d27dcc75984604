using SchemaGate.Core.Risk.Schema;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Core.Risk.Judging;

/// <summary>Names in sentences for people.</summary>
internal static class Names
{
    /// <summary>Without the schema that names lack anyway.</summary>
    public static string Quoted(ObjectName name, KnownSchema schema) =>
        name.Schema is null || name.Schema == schema.SearchSchema || name.Schema == "pg_temp" ? $"`{name.Name}`" : $"`{name}`";

    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
