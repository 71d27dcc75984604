using System.Text.Json;
using SchemaGate.Core.Risk.Statements;

namespace SchemaGate.Postgres.Parsing.Trees;

/// <summary>
/// A node of libpg_query's parse tree. What is missing reads as empty, false or zero: the tree leaves defaults out, and another version of
/// it may lack a field.
/// </summary>
internal readonly struct Node(JsonElement json, TextPositions text)
{
    public bool Exists => json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The kind of a node that is wrapped as <c>{"AlterTableStmt": {…}}</c>; empty for others.</summary>
    public string Tag => First() is { Value.ValueKind: JsonValueKind.Object } first ? first.Name : "";

    /// <summary>What a wrapped node wraps.</summary>
    public Node Body => new(First().Value, text);

    /// <summary>Where the node begins, if the tree says so.</summary>
    public TextSpan Place => Number("location", -1) is >= 0 and int location ? text.Span(location, location) : default;

    /// <summary>The string of a <c>String</c> node, which has another field in another version.</summary>
    public string Literal => this["String"] is { Exists: true } wrapped ? wrapped.Text("sval") ?? wrapped.Text("str") ?? "" : "";

    public Node this[string name] =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? new(value, text) : default;

    public string? Text(string name) => this[name].AsText();

    public bool Flag(string name) => this[name].AsFlag();

    public int Number(string name, int missing = 0) => this[name].AsNumber(missing);

    /// <summary>The items of a list, be it an array or a <c>List</c> node.</summary>
    public IEnumerable<Node> Items(string name) => this[name].AsItems();

    public IEnumerable<Node> AsItems()
    {
        JsonElement list = json;
        if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty("List", out JsonElement wrapped))
        {
            list = wrapped.ValueKind == JsonValueKind.Object && wrapped.TryGetProperty("items", out JsonElement items) ? items : default;
        }

        TextPositions positions = text;
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => new Node(item, positions)) : [];
    }

    /// <summary>The strings of a list of <c>String</c> nodes.</summary>
    public ValueList<string> Literals(string name) => [.. Items(name).Select(item => item.Literal)];

    /// <summary>
    /// All objects beneath this one with the names that they have in it, nearest first, without types and without recursion: a hostile
    /// expression is as deep as its text is long.
    /// </summary>
    public IEnumerable<(string Name, Node Node)> Descendants()
    {
        Queue<JsonElement> waiting = new([json]);
        TextPositions positions = text;
        while (waiting.TryDequeue(out JsonElement element))
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in element.EnumerateArray())
                {
                    waiting.Enqueue(item);
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (!IsTree(property))
                    {
                        continue;
                    }

                    waiting.Enqueue(property.Value);
                    if (property.Value.ValueKind == JsonValueKind.Object)
                    {
                        yield return (property.Name, new Node(property.Value, positions));
                    }
                }
            }
        }
    }

    /// <summary>Of names and values, without places: FNV-1a, which is the same in each process.</summary>
    public ulong Fingerprint
    {
        get
        {
            ulong hash = 14695981039346656037;
            Stack<(string Name, JsonElement Element)> waiting = new([("", json)]);
            while (waiting.TryPop(out (string Name, JsonElement Element) next))
            {
                string value = next.Element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? "" : next.Element.GetRawText();
                foreach (char symbol in $"{next.Name}:{value};{waiting.Count};")
                {
                    hash = (hash ^ symbol) * 1099511628211;
                }

                if (next.Element.ValueKind == JsonValueKind.Array)
                {
                    foreach (JsonElement item in next.Element.EnumerateArray())
                    {
                        waiting.Push(("", item));
                    }
                }
                else if (next.Element.ValueKind == JsonValueKind.Object)
                {
                    foreach (JsonProperty property in next.Element.EnumerateObject().Where(property => property.Name != "location"))
                    {
                        waiting.Push((property.Name, property.Value));
                    }
                }
            }

            return hash;
        }
    }

    private static bool IsTree(JsonProperty property) =>
        property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !property.NameEquals("typeName"u8)
        && !property.NameEquals("TypeName"u8);

    private JsonProperty First()
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in json.EnumerateObject())
            {
                return property;
            }
        }

        return default;
    }

    private string? AsText() => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private bool AsFlag() => json.ValueKind == JsonValueKind.True;

    private int AsNumber(int missing) => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) ? value : missing;
}
