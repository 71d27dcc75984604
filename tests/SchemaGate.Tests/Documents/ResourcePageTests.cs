using System.Globalization;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace SchemaGate.Tests.Documents;

/// <summary><c>docs/resource.md</c> says what the definition says: each field, its type, its default and its words.</summary>
public sealed class ResourcePageTests
{
    [Fact]
    public void The_page_is_what_the_definition_says()
    {
        YamlNode version = Yaml.Load(Path.Combine(Repository.Root, "config", "crd", "schemagates.yaml"))["spec"]["versions"][0];
        YamlNode schema = version["schema"]["openAPIV3Schema"];
        StringBuilder page = new($"""
            # The resource

            `apiVersion: schemagate.dev/v1alpha1`, `kind: SchemaGate`, namespaced; short names `sg` and `gate`. {schema["description"]}
            `kubectl explain schemagate.spec` says the same in a terminal. A field in bold must be there.
            [A first gate](../README.md#use-it) · [every reason](reasons.md)


            """);
        foreach (string part in (string[])["spec", "status"])
        {
            page.Append(CultureInfo.InvariantCulture, $"## {part}\n\n| field | type | what |\n|---|---|---|\n");
            Fields(page, "", schema["properties"][part]);
            page.Append('\n');
        }

        page.Append("## What `kubectl get schemagate` shows\n\n| column | what |\n|---|---|\n");
        foreach (YamlNode column in (YamlSequenceNode)version["additionalPrinterColumns"])
        {
            string words = Find(column, "description")?.ToString() ?? "The time since it was made.";
            page.Append(CultureInfo.InvariantCulture, $"| {column["name"]} | {words} |\n");
        }

        Golden.Same(Path.Combine(Repository.Root, "docs", "resource.md"), page.ToString());
    }

    private static void Fields(StringBuilder page, string path, YamlNode schema)
    {
        HashSet<string> required = [.. (Find(schema, "required") as YamlSequenceNode ?? []).Select(name => name.ToString())];
        foreach ((YamlNode name, YamlNode field) in Find(schema, "properties") as YamlMappingNode ?? [])
        {
            string at = path.Length == 0 ? name.ToString() : $"{path}.{name}";
            string mark = required.Contains(name.ToString()) ? "**" : "";
            page.Append(CultureInfo.InvariantCulture, $"| {mark}`{at}`{mark} | {Type(field)} | {Words(field)} |\n");
            Fields(page, at, field);
            if (Find(field, "items") is { } items)
            {
                Fields(page, $"{at}[]", items);
            }
        }
    }

    private static string Type(YamlNode field) => Find(field, "items") is { } items
        ? $"list of {Find(items, "type")}"
        : Find(field, "format")?.ToString() ?? Find(field, "type")?.ToString() ?? "any";

    private static string Words(YamlNode field)
    {
        string words = (Find(field, "description")?.ToString() ?? "").Replace("|", "\\|", StringComparison.Ordinal).Trim();
        string values = Find(field, "enum") is YamlSequenceNode known
            ? $" One of {string.Join(", ", known.Select(each => $"`{each}`"))}."
            : "";
        string usual = Find(field, "default") is { } value ? $" Default: `{value}`." : "";
        return words + values + usual;
    }

    private static YamlNode? Find(YamlNode node, string name) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(name, out YamlNode? found) ? found : null;
}
