using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Tests.Manifests;

namespace SchemaGate.Tests.Documents;

/// <summary><c>docs/permissions.md</c>: each verb that a role grants, why (the comment above the rule), and whose sources call it.
/// </summary>
public sealed class PermissionsPageTests
{
    [Fact]
    public void The_page_says_what_is_granted_why_and_who_calls_it()
    {
        StringBuilder page = new("""
            # The operator's permissions

            All that the operator's ServiceAccount may do, from the roles in `config/rbac` and `config/optional` (the chart grants the
            same), and which class uses it. The tests compare what is granted with what the sources call, both ways.
            [Why it is bound as it is](security.md#the-operators-rights)


            """);
        int rights = 0;
        foreach (Manifest role in Manifest.OfKind("ClusterRole", "Role")
            .Where(role => !role.Path.EndsWith("people.yaml", StringComparison.Ordinal)))
        {
            page.Append(
                CultureInfo.InvariantCulture, $"## {role.Kind} {role.Name}\n\n| what | verb | called by | why |\n|---|---|---|---|\n");
            JsonObject[] rules = [.. Manifest.Items(role.Content["rules"]).Select(rule => rule!.AsObject())];
            string[] reasons = [.. Reasons(role.Path)];
            Assert.Equal(rules.Length, reasons.Length);
            foreach ((JsonObject rule, string reason) in rules.Zip(reasons))
            {
                Assert.EndsWith(".", reason, StringComparison.Ordinal);
                rights += Rights(page, role, rule, reason);
            }

            page.Append('\n');
        }

        Assert.True(rights > 50);
        Golden.Same(Path.Combine(Repository.Root, "docs", "permissions.md"), page.ToString());
    }

    private static int Rights(StringBuilder page, Manifest role, JsonObject rule, string reason)
    {
        string[] named = [.. Manifest.Texts(rule["resourceNames"])];
        string only = named.Length == 0 ? "" : $" ({string.Join(", ", named.Select(name => $"`{name}`"))})";
        string group = Manifest.Texts(rule["apiGroups"]).Single();
        int rights = 0;
        foreach (string resource in Manifest.Texts(rule["resources"]))
        {
            string what = group.Length == 0 ? resource : $"{resource}.{group}";
            foreach (string verb in Manifest.Texts(rule["verbs"]))
            {
                string[] callers = [.. GrantedCallTests.Callers[$"{role.Kind} {role.Name}: {verb} {group}/{resource}"]];
                Assert.NotEmpty(callers);
                string called = string.Join(", ", callers.Order(StringComparer.Ordinal));
                page.Append(CultureInfo.InvariantCulture, $"| `{what}`{only} | {verb} | {called} | {reason} |\n");
                rights++;
            }
        }

        return rights;
    }

    /// <summary>The comment above each rule of a file, as one line.</summary>
    private static IEnumerable<string> Reasons(string path)
    {
        List<string> comment = [];
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("  # ", StringComparison.Ordinal))
            {
                comment.Add(line[4..]);
                continue;
            }

            if (line.StartsWith("  - apiGroups:", StringComparison.Ordinal))
            {
                yield return string.Join(' ', comment);
            }

            comment.Clear();
        }
    }
}
