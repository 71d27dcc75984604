using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>Knex's files, one function each (https://knexjs.org/guide/migrations.html). Their order is that of their names.</summary>
internal sealed class KnexLayout : MigrationLayout
{
    public override MigrationTool Tool => MigrationTool.Knex;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) =>
        files.Any(file => Name(file) is not null && file.Text.Contains("knex", StringComparison.OrdinalIgnoreCase));

    /// <summary>A file may stand there twice, compiled and not.</summary>
    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems) => files
        .Select(Name).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(name => new Migration(name, "", MigrationChecksum.None) { Unjudged = "it is written in JavaScript" });

    public override string KeyOf(string name) => name;

    /// <summary>A script's name without its extension; null for other files.</summary>
    public static string? Name(LayoutFile file) =>
        file.IsNested || file.EndsWith(".d.ts") || file.EndsWith(".d.mts") || file.EndsWith(".d.cts")
        ? null
        : file.Stem(".mjs", ".cjs", ".js", ".mts", ".cts", ".ts");
}
