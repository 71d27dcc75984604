namespace SchemaGate.Core.Pages;

/// <summary>What a gate says: its verdict, its witnesses, and who waits for it.</summary>
internal static class GateView
{
    public static void Add(HtmlWriter html, PageGate gate)
    {
        html.Add($"<section class=\"panel gate {PageWords.ClassOf(gate.Verdict)}\" aria-labelledby=\"gate\">\n");
        html.Add($"<h2 id=\"gate\">Gate <code>{gate.Name}</code></h2>\n");
        AddVerdict(html, gate);
        html.Add($"<p class=\"lead\">{HtmlWriter.Sentence(gate.Message)}</p>\n");
        if (gate.IsStale)
        {
            html.Add($"<p class=\"note\">The gate's spec has changed since; it has not been judged anew yet.</p>\n");
        }

        AddHeld(html, gate);
        if (gate.Conditions.Count > 0)
        {
            html.Add($"<details><summary><b>Conditions</b> <span>{gate.Conditions.Count}</span></summary>\n<dl class=\"conditions\">\n");
            foreach (PageCondition condition in gate.Conditions)
            {
                string word = PageWords.ClassOf(condition.Status);
                html.Add($"<div><dt><i class=\"box {word}\"></i>{condition.Type}: {condition.Status}</dt>");
                html.Add($"<dd><b>{condition.Reason}</b> {HtmlWriter.Sentence(condition.Message)}</dd></div>\n");
            }

            html.Add($"</dl></details>\n");
        }

        html.Add($"</section>\n");
    }

    /// <summary>One line: the verdict, its reason, how much is applied, the plan's risk.</summary>
    public static void AddVerdict(HtmlWriter html, PageGate gate)
    {
        string word = PageWords.ClassOf(gate.Verdict);
        html.Add($"<ul class=\"meta\"><li class=\"{word}\"><i class=\"box {word}\"></i><b>{gate.Verdict}</b></li><li>{gate.Reason}</li>");
        if (gate.Progress.Length > 0)
        {
            html.Add($"<li>{gate.Progress} applied</li>");
        }

        if (gate.PlannedRisk is { } risk)
        {
            html.Add($"<li>Planned risk {risk}</li>");
        }

        html.Add($"</ul>\n");
    }

    public static string HeldWords(PageGate gate) =>
        $"{PageText.Count(gate.HeldCount.Workloads, "workload", "workloads")}, {PageText.Count(gate.HeldCount.Pods, "pod", "pods")}";

    private static void AddHeld(HtmlWriter html, PageGate gate)
    {
        (int workloads, int pods) = gate.HeldCount;
        if (workloads + pods == 0)
        {
            html.Add($"<p>Nothing is held.</p>\n");
            return;
        }

        html.Add($"<h3>Held: {HeldWords(gate)}</h3>\n<ul class=\"held\">\n");
        foreach (string held in gate.Held)
        {
            html.Add($"<li><code>{held}</code></li>\n");
        }

        html.Add($"</ul>\n");
    }
}
