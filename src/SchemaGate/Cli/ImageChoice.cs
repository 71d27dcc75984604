using SchemaGate.Core;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;

namespace SchemaGate.Cli;

/// <summary>How a command reads images.</summary>
/// <param name="Migrations">The directory in the image, separated by slashes.</param>
/// <param name="PlainHttp">The registry speaks HTTP without TLS.</param>
/// <param name="AuthoritiesPem">Certificates that are trusted beside the system's.</param>
internal sealed record ImageChoice(string Migrations, bool PlainHttp, string? AuthoritiesPem)
{
    /// <summary>A docker config JSON: for logging in, never for printing.</summary>
    public string? Logins { private get; init; }

    /// <summary>Its file.</summary>
    public string? LoginsFrom { get; init; }

    /// <summary>Whose signature images need; null where they need none.</summary>
    public ImageVerification? Verify { get; init; }

    /// <summary>Whose migrations they are.</summary>
    public MigrationTool Tool { get; init; } = MigrationTool.Prisma;

    /// <summary>An image's migrations. Who is refused is told where logins come from.</summary>
    public async Task<Evidence<MigrationSet>> ReadAsync(string image, TimeProvider time, CancellationToken cancellation)
    {
        using ImageEvidence registry = new(PlainHttp, time, authoritiesPem: AuthoritiesPem);
        return await registry.ReadMigrationsAsync(image, Migrations, PlainHttp, cancellation, Logins, Verify, Tool) switch
        {
            Evidence<MigrationSet>.Missing { Reason: Reasons.RegistryAccessDenied } denied =>
                denied with { Message = $"{denied.Message} {Hint()}" },
            var set => set,
        };
    }

    /// <summary>The entries of an image's document; none where it has no document.</summary>
    public async Task<IReadOnlyList<ChangelogEntry>> EntriesAsync(string image, TimeProvider time, CancellationToken cancellation)
    {
        using ImageEvidence registry = new(PlainHttp, time, authoritiesPem: AuthoritiesPem);
        ChangelogSource source = new(image, Document: null, Migrations, TimeSpan.Zero, PlainHttp, RecordsThisDatabase: false)
        {
            Verify = Verify,
        };
        (Evidence<ChangelogEvidence> evidence, _) = await registry.ReadAsync(source, TimeSpan.Zero, cancellation, Logins);
        return evidence is Evidence<ChangelogEvidence>.Found { Value.Document: var document } ? document.Entries : [];
    }

    /// <summary>A migration's file, for people.</summary>
    public string Script(string image, string name) => Tool == MigrationTool.Prisma
        ? $"{image}/{Migrations}/{name}/migration.sql"
        : $"{image}/{Migrations}: {name}";

    private string Hint() => LoginsFrom is null
        ? "No logins were found: name docker's config.json with --registry-config."
        : $"The logins are those of {StyledText.Printable(LoginsFrom)}; credential helpers are not run. "
            + "--registry-config names another file.";
}
