using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Pages;

/// <summary>A changelog's page: what it is, what the gate says, what is applied where, and the entries.</summary>
internal static class ChangelogView
{
    public static void Add(HtmlWriter html, ChangelogPage page)
    {
        IGrouping<EntryStanding, PageEntry>[] groups = [.. page.Entries.GroupBy(entry => entry.Standing)];
        AddTop(html, page, groups);
        html.Add($"<main id=\"content\">\n");
        AddNotes(html, page.Notes);
        if (page.Gate is { } gate)
        {
            GateView.Add(html, gate);
        }

        AddDatabases(html, page);
        if (page.Findings.Count > 0)
        {
            html.Add($"<section class=\"panel\" aria-labelledby=\"findings\"><h2 id=\"findings\">Findings in the document</h2>\n");
            AddFindings(html, page.Findings);
            html.Add($"</section>\n");
        }

        AddSearch(html, page.Entries.Count);
        foreach (IGrouping<EntryStanding, PageEntry> group in groups)
        {
            AddGroup(html, group, page.Databases);
        }

        if (page.Left > 0)
        {
            html.Add($"<p class=\"note\">{PageText.Count(page.Left, "older entry is", "older entries are")} not shown.</p>\n");
        }

        html.Add($"</main>\n");
    }

    public static void AddNotes(HtmlWriter html, IReadOnlyList<string> notes)
    {
        foreach (string note in notes)
        {
            html.Add($"<p class=\"note\">{HtmlWriter.Sentence(note)}</p>\n");
        }
    }

    public static void AddFindings(HtmlWriter html, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        html.Add($"<ul class=\"findings\">\n");
        foreach (Finding finding in findings.OrderByDescending(finding => finding.Severity))
        {
            html.Add($"<li class=\"{PageWords.ClassOf(finding.Severity)}\"><b>{PageWords.Of(finding.Severity)}</b> ");
            html.Add($"<span>{HtmlWriter.Sentence(finding.Message)}</span> <small><code>{finding.Id}</code>");
            if (finding.Span is { } span)
            {
                html.Add($" line {span.Line}");
            }

            html.Add($"</small></li>\n");
        }

        html.Add($"</ul>\n");
    }

    private static void AddTop(HtmlWriter html, ChangelogPage page, IGrouping<EntryStanding, PageEntry>[] groups)
    {
        html.Add($"<header class=\"top\">\n");
        if (page.Overview is { } overview)
        {
            html.Add($"<nav aria-label=\"Overview\"><a href=\"{overview}\">All gates</a></nav>\n");
        }

        html.Add($"<p class=\"kicker\">Schema changelog</p>\n<h1 dir=\"auto\">{page.Title}</h1>\n");
        if (page.Source is { } source)
        {
            string document = page.Document is { Length: > 0 } path ? $" · {path}" : "";
            html.Add($"<p class=\"source\"><code>{source}</code>{document}</p>\n");
        }

        if (groups.Length > 0)
        {
            html.Add($"<nav aria-label=\"Entries by status\"><ul class=\"counts\">\n");
            foreach (IGrouping<EntryStanding, PageEntry> group in groups)
            {
                string word = PageWords.Word(group.Key);
                html.Add($"<li><a href=\"#{word}\"><i class=\"shape {word}\"></i>");
                html.Add($"<b>{group.Count()}</b> {PageWords.GroupOf(group.Key).Title}</a></li>\n");
            }

            html.Add($"</ul></nav>\n");
        }

        html.Add($"</header>\n");
    }

    private static void AddDatabases(HtmlWriter html, ChangelogPage page)
    {
        if (page.Databases.Count == 0)
        {
            return;
        }

        string[] names = [.. page.Entries.SelectMany(entry => entry.Migrations).Select(migration => migration.File.Name)
            .Distinct(StringComparer.Ordinal)];
        html.Add($"<section class=\"panel\" aria-labelledby=\"databases\"><h2 id=\"databases\">What is applied where</h2>\n");
        html.Add($"<ul class=\"databases\">\n");
        foreach (PageDatabase database in page.Databases)
        {
            int applied = names.Count(name => database.Of(name).State is AppliedState.Applied or AppliedState.Edited);
            int unknown = names.Count(name => database.Of(name).State is AppliedState.NotKnown);
            html.Add($"<li><b>{database.Name}</b>");
            if (unknown < names.Length)
            {
                html.Add($" <progress max=\"{names.Length}\" value=\"{applied}\" aria-label=\"Applied in {database.Name}\"></progress>");
                html.Add($" <span>{applied} of {PageText.Count(names.Length, "migration", "migrations")} applied</span>");
            }

            if (database.Problem is { } problem)
            {
                html.Add($" <span class=\"warn-text\">{problem}</span>");
            }

            if (database.Identity is { } identity)
            {
                html.Add($" <small><code>{identity}</code></small>");
            }

            html.Add($"</li>\n");
        }

        html.Add($"</ul></section>\n");
    }

    /// <summary>Nothing can be searched without scripts, so it is shown by the one that searches.</summary>
    private static void AddSearch(HtmlWriter html, int entries)
    {
        if (entries > 1)
        {
            html.Add($"""
                <div class="find" id="find" role="search" hidden>
                <label for="words">Search entries, SQL and findings</label>
                <input id="words" type="search" autocomplete="off" spellcheck="false">
                <output for="words" aria-live="polite"></output>
                </div>

                """);
        }
    }

    private static void AddGroup(HtmlWriter html, IGrouping<EntryStanding, PageEntry> group, IReadOnlyList<PageDatabase> databases)
    {
        (string title, string meaning) = PageWords.GroupOf(group.Key);
        string word = PageWords.Word(group.Key);
        html.Add($"<section class=\"group\" aria-labelledby=\"{word}\"><h2 id=\"{word}\">{title}</h2>\n");
        html.Add($"<p class=\"meaning\">{meaning}</p>\n<div class=\"timeline\">\n");
        foreach (PageEntry entry in group)
        {
            EntryView.Add(html, entry, databases);
        }

        html.Add($"</div></section>\n");
    }
}
