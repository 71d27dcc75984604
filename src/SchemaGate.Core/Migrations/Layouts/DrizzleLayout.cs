using System.Globalization;
using System.Text.Json;
using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>
/// Drizzle's <c>0000_x.sql</c> in the order of <c>meta/_journal.json</c> (drizzle-orm/src/migrator.ts). The history has the journal's time
/// and the SHA-256 of the file's text.
/// </summary>
internal sealed class DrizzleLayout : MigrationLayout
{
    public const string Journal = "meta/_journal.json";

    public override MigrationTool Tool => MigrationTool.Drizzle;

    public override bool Recognises(IReadOnlyList<LayoutFile> files) => files.Any(file => file.Path == Journal);

    public override IEnumerable<Migration> Read(IReadOnlyList<LayoutFile> files, ICollection<string> problems)
    {
        if (files.FirstOrDefault(file => file.Path == Journal) is not { } journal || Entries(journal.Text) is not { } entries)
        {
            problems.Add($"{Journal} is missing, or is no journal of Drizzle's: `npx drizzle-kit generate` writes it.");
            return [];
        }

        foreach (LayoutFile stray in Strays(files, entries).Where(IsGenerated))
        {
            problems.Add(Among(stray, $"{Journal} does not name it, so Drizzle never runs it: `npx drizzle-kit generate` writes both"));
        }

        List<Migration> migrations = [];
        foreach ((string tag, long when) in entries)
        {
            LayoutFile? file = files.FirstOrDefault(file => file.Path == $"{tag}.sql");
            if (file is null)
            {
                problems.Add($"{Journal} names {Printable(tag)}, and {Printable(tag)}.sql is missing: restore it.");
            }
            else
            {
                migrations.Add(new(tag, file.Text, MigrationChecksum.Exactly(MigrationChecksum.Of(file.Text).Value))
                {
                    Key = when.ToString(CultureInfo.InvariantCulture),
                });
            }
        }

        return migrations;
    }

    public override IEnumerable<string> Notes(IReadOnlyList<LayoutFile> files) =>
        files.FirstOrDefault(file => file.Path == Journal) is { } journal && Entries(journal.Text) is { } entries
        ? Strays(files, entries).Where(file => !IsGenerated(file)).Select(NeverRuns)
        : [];

    public override string? KeyOf(string name) => null;

    private static IEnumerable<LayoutFile> Strays(IReadOnlyList<LayoutFile> files, List<(string Tag, long When)> entries) =>
        files.Where(file => !file.IsNested && file.Stem(".sql") is { } tag && !entries.Exists(entry => entry.Tag == tag));

    /// <summary>As drizzle-kit writes it: a number before the name, or its mark between two statements.</summary>
    private static bool IsGenerated(LayoutFile file) =>
        char.IsAsciiDigit(file.FileName[0]) || file.Text.Contains("--> statement-breakpoint", StringComparison.Ordinal);

    /// <summary>Null for what is no journal.</summary>
    private static List<(string Tag, long When)>? Entries(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty("entries").EnumerateArray()
                .Select(entry => (entry.GetProperty("tag").GetString()!, entry.GetProperty("when").GetInt64()))];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            return null;
        }
    }
}
