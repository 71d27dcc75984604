namespace SchemaGate.Core.Pages;

/// <summary>The overview of gates.</summary>
internal static class GatesView
{
    public static void Add(HtmlWriter html, GatesPage page)
    {
        html.Add($"<header class=\"top\"><p class=\"kicker\">SchemaGate</p><h1>Gates</h1></header>\n<main id=\"content\">\n");
        ChangelogView.AddNotes(html, page.Notes);
        if (page.Gates.Count == 0)
        {
            html.Add($"<p class=\"lead\">There is no gate that you may see.</p>\n");
        }
        else
        {
            html.Add($"<ul class=\"gates\">\n");
            foreach (PageGate gate in page.Gates)
            {
                AddGate(html, gate);
            }

            html.Add($"</ul>\n");
        }

        html.Add($"</main>\n");
    }

    private static void AddGate(HtmlWriter html, PageGate gate)
    {
        html.Add($"<li class=\"panel gate {PageWords.ClassOf(gate.Verdict)}\"><h2><a href=\"/gates/{gate.Name}\">{gate.Name}</a></h2>\n");
        GateView.AddVerdict(html, gate);
        html.Add($"<p>{HtmlWriter.Sentence(gate.Message)}</p>\n");
        (int workloads, int pods) = gate.HeldCount;
        if (workloads + pods > 0)
        {
            html.Add($"<p class=\"note\">Held: {GateView.HeldWords(gate)}.</p>\n");
        }

        html.Add($"</li>\n");
    }
}
