namespace SchemaGate.Tests.Cli;

/// <summary>A checkout in a directory of its own: the seed document and its three migrations.</summary>
internal sealed class Shop : IDisposable
{
    public const string First = "00000000000000_init_baseline";
    public const string Second = "20241224000000_add_sites_model";
    public const string Third = "20241224100000_add_cs_ai_usage_tables";

    public Shop()
    {
        Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Changelogs", "corpus", "seed.md"));
        Migrate(First, "CREATE TABLE companies (id int);");
        Migrate(Second, "CREATE TABLE sites (id int);");
        Migrate(Third, "CREATE TABLE cs_ai_usage (id int);");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("schemagate-").FullName;

    public string Document
    {
        get => File.ReadAllText(DocumentPath);
        set => Write("docs/DATABASE_SCHEMA_CHANGELOG.md", value);
    }

    public string DocumentPath => Path.Combine(Root, "docs", "DATABASE_SCHEMA_CHANGELOG.md");

    /// <summary>The document with an entry that is PENDING, on line 26.</summary>
    public string PendingDocument =>
        Document.Replace("_None currently_", "### add_coupons\n- **Status:** `PENDING`", StringComparison.Ordinal);

    public string Script(string name) => Path.Combine(Root, "prisma", "migrations", name, "migration.sql");

    public void Migrate(string name, string sql) => Write($"prisma/migrations/{name}/migration.sql", sql);

    public void Write(string path, string text)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
