using System.Text.Json.Nodes;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Kubernetes.Manifests;

/// <summary>The documents of a text, one after the other, and what is bounded of all of them together.</summary>
internal abstract class ManifestDocuments
{
    protected const int MaxDepth = ModelJson.MaxDepth;

    /// <summary>
    /// What a text may become, in characters. Aliases make a few lines into very many values; 16 MiB of small objects without any become
    /// about 40.
    /// </summary>
    private const long Most = 64L << 20;

    /// <summary>What a value costs apart from its text.</summary>
    private const int PerValue = 16;

    /// <summary>How deep an object may lie whose line somebody asks for: a document, or a list's item.</summary>
    private const int DeepestLine = 3;

    /// <summary>Where objects begin.</summary>
    public Dictionary<JsonNode, int> Lines { get; } = new(ReferenceEqualityComparer.Instance);

    public List<ManifestRemark> Remarks { get; } = [];

    protected long Spent { get; private set; }

    /// <returns>False where there is no other.</returns>
    /// <exception cref="ManifestFault">It cannot be read, and nothing after it.</exception>
    public abstract bool Next(out JsonNode? root, out int line);

    protected JsonObject Begin(int depth, int line)
    {
        JsonObject value = [];
        if (depth <= DeepestLine)
        {
            Lines.Add(value, line);
        }

        return value;
    }

    /// <summary>
    /// Who writes a key twice believes in both; kubectl takes the last one without a word, and other tools refuse the file.
    /// </summary>
    protected void Set(JsonObject target, string key, JsonNode? value, int line)
    {
        if (target.ContainsKey(key))
        {
            Remarks.Add(new(line, $"the key '{key}' stands twice in one mapping, and the last one counts"));
        }

        target[key] = value;
    }

    protected void Spend(long characters, int line)
    {
        Spent += characters;
        if (Spent > Most)
        {
            throw new ManifestFault(line, $"up to here it is more than {Most >> 20} MiB, each alias counted as what it stands for");
        }
    }

    protected void SpendValue(int depth, int line)
    {
        Spend(PerValue, line);
        if (depth > MaxDepth)
        {
            throw new ManifestFault(line, $"it nests deeper than {MaxDepth} levels");
        }
    }
}

/// <summary>Where a text cannot be read on, and why in a clause that quotes nothing of it: it may be a Secret.</summary>
internal sealed class ManifestFault(int line, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Line => line;
}
