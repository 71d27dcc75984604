using SchemaGate.Core.Changelogs;

namespace SchemaGate.Core.Pages;

/// <summary>One entry of the timeline.</summary>
internal static class EntryView
{
    public static void Add(HtmlWriter html, PageEntry entry, IReadOnlyList<PageDatabase> databases)
    {
        string word = PageWords.Word(entry.Standing);
        // No list: Chromium counts a list's items anew for each that a search hides.
        html.Add($"<article class=\"entry\"><i class=\"shape {word}\"></i>\n<h3 dir=\"auto\">");
        AddName(html, entry.Name);
        html.Add($"</h3>\n<ul class=\"meta\"><li class=\"status {word}\">{PageWords.Of(entry.Standing)}</li>");
        AddRisk(html, entry);
        foreach ((string label, string text) in entry.Dates)
        {
            html.Add($"<li>{Spoken(label)} {text}</li>");
        }

        html.Add($"</ul>\n");
        ChangelogView.AddFindings(html, entry.Findings);
        foreach (PageMigration migration in entry.Migrations)
        {
            AddApplied(html, migration, databases, isNamed: entry.Migrations.Count > 1);
        }

        if (entry.Prose is { } prose)
        {
            html.Add($"<div class=\"prose\" dir=\"auto\">{EntryProse.Of(prose)}</div>\n");
        }

        foreach (PageMigration migration in entry.Migrations)
        {
            SqlView.Add(html, migration, isNamed: entry.Migrations.Count > 1);
        }

        html.Add($"</article>\n");
    }

    /// <summary>The time in a migration's name is not what one reads first.</summary>
    private static void AddName(HtmlWriter html, string name)
    {
        int stamp = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (stamp >= 8 && stamp + 1 < name.Length && name[stamp] == '_')
        {
            html.Add($"<span class=\"stamp\">{name[..(stamp + 1)]}</span><wbr>{name[(stamp + 1)..]}");
        }
        else
        {
            html.Add($"{name}");
        }
    }

    /// <summary>What people say and what the SQL does are two things.</summary>
    private static void AddRisk(HtmlWriter html, PageEntry entry)
    {
        RiskLevel[] judged = [.. entry.Migrations.Select(migration => migration.Risk?.LeastLevel).OfType<RiskLevel>()];
        RiskLevel? least = judged.Length > 0 ? judged.Max() : null;
        if (entry.Risk is { } stated)
        {
            html.Add($"<li class=\"{ClassOf(stated)}\">Risk {stated.ToString()}</li>");
        }

        if (least is { } level && (entry.Risk is null || level > entry.Risk))
        {
            html.Add($"<li class=\"{ClassOf(level)}\">Risk {level.ToString()} by its SQL</li>");
        }
    }

    private static string ClassOf(RiskLevel level) => level switch
    {
        RiskLevel.Low => "low",
        RiskLevel.Medium => "warn",
        _ => "bad",
    };

    private static void AddApplied(HtmlWriter html, PageMigration migration, IReadOnlyList<PageDatabase> databases, bool isNamed)
    {
        if (migration.Applied.Count == 0)
        {
            return;
        }

        html.Add($"<ul class=\"where\">");
        if (isNamed)
        {
            html.Add($"<li><code>{migration.File.Name}</code></li>");
        }

        foreach ((AppliedFact fact, PageDatabase database) in migration.Applied.Zip(databases))
        {
            string since = fact.At is { } at ? $" {PageText.Time(at)}" : "";
            string more = fact.State == AppliedState.Edited ? ", and the file has changed since" : "";
            html.Add($"<li class=\"{PageWords.ClassOf(fact.State)}\"><i class=\"box {PageWords.ClassOf(fact.State)}\"></i>");
            html.Add($"<b>{database.Name}</b> {PageWords.Of(fact.State)}{since}{more}</li>");
        }

        html.Add($"</ul>\n");
    }

    /// <summary>"Date Added" is "added" before the date.</summary>
    private static string Spoken(string label) => label["Date ".Length..].Trim() is { Length: > 0 } word ? word : label;
}
