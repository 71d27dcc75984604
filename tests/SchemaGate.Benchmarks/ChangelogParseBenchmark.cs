using BenchmarkDotNet.Attributes;
using Markdig;
using Markdig.Syntax;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Changelogs.Editing;

namespace SchemaGate.Benchmarks;

/// <summary>
/// A document of entries like the seed's, about 550 characters each; beside it the parser that a user would start from, to its syntax tree.
/// </summary>
[MemoryDiagnoser]
public class ChangelogParseBenchmark
{
    private const string Entry = """
        - **Status:** `MIGRATED`
        - **Date Added:** December 2024
        - **Date Migrated:** December 24, 2024
        - **Description:** New `Site` model for multiple storefronts per company
        - **Changes:**
          - New `sites` table with 27 columns
          - New `siteId` nullable column on `landing_pages`
        - **Migration File:** `prisma/migrations/20241224000000_add_sites_model/migration.sql`
        - **Risk Level:** Low (additive changes only, no data migration needed)
        - **Rollback:** Drop foreign keys, drop columns, drop table

        """;

    private string _text = "";

    [Params(10, 1_000, 10_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Write()
    {
        var entries = Enumerable.Range(0, Entries).Select(number => $"### 2024{number:D10}_add_sites_model\n{Entry}\n");
        _text = $"# Changelog\n\n## Pending\n\n_None_\n\n## Migrated\n\n{string.Concat(entries)}\n## Deployed\n";
    }

    [Benchmark(Baseline = true)]
    public MarkdownDocument MarkdigAlone() => Markdown.Parse(_text);

    [Benchmark]
    public Changelog Parse() => ChangelogParser.Parse(_text);

    [Benchmark]
    public EditOutcome Edit() => ChangelogEditor.Apply(
        _text, new ChangelogEdit.MoveEntry("20240000000000_add_sites_model", ChangelogStatus.Deployed));

    [Benchmark]
    public EditOutcome Format() => ChangelogFormatter.Format(_text);
}
