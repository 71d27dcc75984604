using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Core.Changelogs.Drafting;

/// <summary>A whole new document, as the format has it, for a repository that has migrations and none.</summary>
/// <param name="Tool">Whose migrations they are.</param>
/// <param name="Migrations">The migrations directory, as people type it.</param>
/// <param name="Options">What <c>schemagate verify</c> is told besides the database, with a space before; mostly nothing.</param>
public sealed record NewDocument(MigrationTool Tool, string Migrations, string Options)
{
    /// <summary>What makes a migration; the rest of the tools have no one command for it.</summary>
    private string Create => Tool switch
    {
        MigrationTool.Prisma => "`npx prisma migrate dev --name <description>`",
        MigrationTool.Drizzle => "`npx drizzle-kit generate`",
        MigrationTool.EfCore => "`dotnet ef migrations add <Description>`",
        MigrationTool.Rails => "`bin/rails generate migration <Description>`",
        MigrationTool.Alembic => "`alembic revision --autogenerate -m <description>`",
        MigrationTool.Django => "`python manage.py makemigrations`",
        _ => $"{ToolGuide.Of(Tool).Name}, in {Marked.Code(Migrations)}",
    };

    private string Schema => Tool == MigrationTool.Prisma ? "`schema.prisma`" : "the schema";

    /// <summary>The document's text, with a line end after each line.</summary>
    /// <param name="entries">In the set's order.</param>
    /// <param name="today">The day on which it is written.</param>
    public string Write(IReadOnlyList<InitialEntry> entries, DateOnly today) => string.Concat(
        ((string[])
        [
            .. DocumentParts.Head(Schema, Create),
            "## Migrated (Ready for Deployment)", "", .. Entries(entries.Where(entry => !entry.IsDeployed), today), "---", "",
            "## Deployed to Production", "", .. Entries(entries.Where(entry => entry.IsDeployed), today), "---", "",
            .. DocumentParts.Guidelines(Tool == MigrationTool.Prisma ? "schema.prisma" : "the schema", Create),
            .. DocumentParts.Verification(Options),
            .. DocumentParts.Recovery(Tool, Schema, Migrations),
            $"*Last Updated: {DraftText.Date(today)}*",
        ]).Select(line => $"{line}\n"));

    private static IEnumerable<string> Entries(IEnumerable<InitialEntry> entries, DateOnly today)
    {
        string[] lines = [.. entries.SelectMany(entry => entry.Lines(today))];
        return lines.Length == 0 ? ["_None currently_", ""] : lines;
    }
}
