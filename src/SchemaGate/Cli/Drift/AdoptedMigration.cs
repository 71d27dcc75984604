using System.Globalization;
using System.Text;
using SchemaGate.Cli.Changelogs;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Cli.Drift;

/// <summary>A migration that is written as Prisma writes one: a directory behind all others, with one file.</summary>
internal static class AdoptedMigration
{
    private const string Stamp = "yyyyMMddHHmmss";
    private const int Digits = 14;

    public static Migration Of(string name, string sql) =>
        MigrationSet.Read([new($"{name}/migration.sql", Encoding.UTF8.GetBytes(sql))]).Migrations[0];

    /// <summary>Now, or a second behind the last one, whichever is later.</summary>
    public static string NameAfter(MigrationSet set, string title, DateTimeOffset now)
    {
        DateTime last = set.Names.Select(StampOf).Max() ?? DateTime.MinValue;
        DateTime next = now.UtcDateTime > last ? now.UtcDateTime : last.AddSeconds(1);
        return $"{next.ToString(Stamp, CultureInfo.InvariantCulture)}_{title}";
    }

    /// <summary>Whether a migration was called so behind its digits.</summary>
    public static bool IsCalled(Migration migration, string title) =>
        StampOf(migration.Name) is not null && migration.Name[Digits..] == $"_{title}";

    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="migrations">The migrations directory.</param>
    /// <exception cref="DocumentException">It cannot be written.</exception>
    public static async Task WriteAsync(string migrations, Migration migration, CancellationToken cancellation)
    {
        string full = Path.GetFullPath(migrations);
        // Beside the migrations: a directory among them is a migration to Prisma, and one without its file stops every run.
        string unfinished = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.adopting");
        try
        {
            if (Directory.Exists(unfinished))
            {
                // Left by one that was broken off.
                Directory.Delete(unfinished, recursive: true);
            }

            Directory.CreateDirectory(full);
            Directory.CreateDirectory(unfinished);
            await WholeFile.WriteAsync(
                Path.Combine(unfinished, "migration.sql"), Encoding.UTF8.GetBytes(migration.Sql), mayReplace: null, cancellation);
            Directory.Move(unfinished, Path.Combine(full, migration.Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DocumentException($"{migrations}/{migration.Name} cannot be written: {exception.Message}");
        }
    }

    private static DateTime? StampOf(string name) =>
        name.Length > Digits && name[Digits] == '_' && DateTime.TryParseExact(
            name[..Digits], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTime stamp)
            ? stamp
            : null;
}
