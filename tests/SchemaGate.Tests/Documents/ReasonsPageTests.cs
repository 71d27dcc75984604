using System.Globalization;
using System.Text;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Documents;

/// <summary><c>docs/reasons.md</c> says what <c>schemagate explain REASON</c> says.</summary>
public sealed class ReasonsPageTests
{
    [Fact]
    public void The_page_has_each_reason_with_what_to_do()
    {
        StringBuilder page = new("""
            # Every reason, and what to do

            A gate's `status.reason`, the reasons of its conditions, of what is held and of what is let through. `schemagate explain REASON`
            says the same in a terminal, with `--tool Flyway` in another tool's commands; `schemagate explain deployment/shop -n shop` says
            which of them holds a workload, and what opens it. *Stalled* is what no waiting ends: a deploy tool that reads the conditions of
            kstatus gives up on it.


            """);
        foreach ((string reason, ReasonAdvice advice) in ReasonGuide.All.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {reason}\n\n");
            if (ReasonTable.Rows.TryGetValue(reason, out ReasonRow row))
            {
                page.Append(CultureInfo.InvariantCulture, $"*{row.Verdict}{(row.Stalled ? ", stalled" : "")}.* ");
            }

            page.Append(CultureInfo.InvariantCulture, $"{advice.Meaning}\n\n");
            page.AppendJoin("", advice.Next.Select(step => $"- {step}\n")).Append(advice.Next.Count > 0 ? "\n" : "");
        }

        Golden.Same(Path.Combine(Repository.Root, "docs", "reasons.md"), page.ToString().TrimEnd('\n') + "\n");
    }
}
