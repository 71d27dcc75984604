using SchemaGate.EndToEnd.Registries;

namespace SchemaGate.EndToEnd.Support;

/// <summary>Images of a changelog document and migrations, pushed to the real registry.</summary>
public sealed class SchemaImages(string repository) : IDisposable
{
    private const string DocumentPath = "docs/DATABASE_SCHEMA_CHANGELOG.md";
    private readonly TestRegistry registry = TestRegistry.Connect();

    /// <summary>The image's reference by tag.</summary>
    public string Reference(string tag) => $"{TestEnvironment.FromPods(registry.Address)}/{repository}:{tag}";

    /// <summary>Pushes an image whose document lists each migration as MIGRATED.</summary>
    public Task<string> PushAsync(string tag, params IReadOnlyList<string> migrations) =>
        PushAsync(tag, Document(migrations), migrations);

    /// <summary>Pushes an image with this document.</summary>
    public Task<string> PushAsync(string tag, string document, IReadOnlyList<string> migrations)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal) { [DocumentPath] = document };
        foreach (string migration in migrations)
        {
            files[$"prisma/migrations/{migration}/migration.sql"] = Sql(migration);
        }

        return registry.PushAsync(repository, tag, files);
    }

    /// <summary>Pushes an image of just these files.</summary>
    public Task<string> PushFilesAsync(string tag, IReadOnlyDictionary<string, string> files) => registry.PushAsync(repository, tag, files);

    public static string Document(IReadOnlyList<string> migrated, string pending = "_None currently_", string deployed = "_None_") => $"""
        # Database Schema Changelog

        ## Pending Schema Changes (BLOCKING DEPLOYMENT)

        {pending}

        ## Migrated (Ready for Deployment)

        {string.Join("\n\n", migrated.Select(Entry))}

        ## Deployed to Production

        {deployed}

        """;

    private static string Entry(string name) => $"""
        ### {name}
        - **Status:** `MIGRATED`
        - **Description:** {name}
        - **Rollback:** drop it
        """;

    public static string Sql(string migration) => $"CREATE TABLE \"t_{migration}\" (id integer PRIMARY KEY);\n";

    public void Dispose() => registry.Dispose();
}
