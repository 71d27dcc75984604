using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SchemaGate.Evidence;

/// <summary>The files of one commit below some places, and the objects that hold them.</summary>
/// <param name="Objects">Object by path, from the top of the repository. No links.</param>
/// <param name="Submodules">The paths of other repositories among them.</param>
internal sealed record GitTree(IReadOnlyDictionary<string, string> Objects, IReadOnlyList<string> Submodules)
{
    private const string Link = "120000";
    private const string Submodule = "160000";

    /// <summary>
    /// Reads what <c>git ls-tree -r -z</c> writes: <c>mode SP type SP object TAB path NUL</c> (git-ls-tree(1), "Output Format").
    /// </summary>
    public static GitTree Parse(string listing)
    {
        Dictionary<string, string> objects = new(StringComparer.Ordinal);
        List<string> submodules = [];
        foreach (string line in listing.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || line[..tab].Split(' ') is not [var mode, _, var id])
            {
                throw new GitException("git lists a tree in a way that is not known.");
            }

            if (mode == Submodule)
            {
                submodules.Add(line[(tab + 1)..]);
            }
            else if (mode != Link)
            {
                objects[line[(tab + 1)..]] = id;
            }
        }

        return new(objects, submodules);
    }

    /// <summary>The name that git gives a content (gitformat-pack(5) and hash-function-transition): a clone may lack the object.</summary>
    /// <param name="content">A file's.</param>
    /// <param name="length">Of names in this repository: 40 digits, or 64.</param>
    public static string NameOf(ReadOnlyMemory<byte> content, int length)
    {
        byte[] heading = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0"));
        using IncrementalHash hash = IncrementalHash.CreateHash(length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        hash.AppendData(heading);
        hash.AppendData(content.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Reads what <c>git cat-file --batch</c> writes: <c>object SP type SP size LF contents LF</c>, and <c>object SP missing LF</c>
    /// (git-cat-file(1), "Batch Output").
    /// </summary>
    public static IEnumerable<(string Id, ReadOnlyMemory<byte> Content)> Contents(ReadOnlyMemory<byte> output)
    {
        while (!output.IsEmpty)
        {
            int end = output.Span.IndexOf((byte)'\n');
            string heading = Encoding.ASCII.GetString(output.Span[..Math.Max(0, end)]);
            if (heading.Split(' ') is not [var id, "blob", var size]
                || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > output.Length - end - 2)
            {
                throw new GitException("git lacks objects of this history: fetch them, as `git fetch --refetch --no-filter` does.");
            }

            yield return (id, output.Slice(end + 1, length));
            output = output[(end + length + 2)..];
        }
    }
}
