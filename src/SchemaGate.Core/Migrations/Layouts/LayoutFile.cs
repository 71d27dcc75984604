using System.Text;
using System.Text.Unicode;

namespace SchemaGate.Core.Migrations.Layouts;

/// <summary>One file of a migrations directory.</summary>
/// <param name="Path">Relative to that directory, separated by <c>/</c>.</param>
internal sealed record LayoutFile(string Path, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Read once: telling the layout and reading it need it several times.</summary>
    private readonly Lazy<string> _text = new(() => Encoding.UTF8.GetString(Bytes.Span));

    private readonly Lazy<bool> _isUtf8 = new(() => Utf8.IsValid(Bytes.Span));

    public string FileName { get; } = Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Empty for the migrations directory itself.</summary>
    public string Directory { get; } = Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public bool IsNested => Path.Length != FileName.Length;

    /// <summary>Invalid UTF-8 is U+FFFD; a byte order mark stays.</summary>
    public string Text => _text.Value;

    /// <summary>False where <see cref="Text"/> has a U+FFFD that nobody wrote.</summary>
    public bool IsUtf8 => _isUtf8.Value;

    /// <summary>Whether it stands below a directory of this name.</summary>
    public bool IsIn(string directory) => $"/{Directory}/".Contains($"/{directory}/", StringComparison.Ordinal);

    public bool EndsWith(string ending) => FileName.EndsWith(ending, StringComparison.Ordinal);

    /// <summary>The file's name without one of these endings, the longest first; null where it has none of them.</summary>
    public string? Stem(params ReadOnlySpan<string> endings)
    {
        foreach (string ending in endings)
        {
            if (FileName.Length > ending.Length && EndsWith(ending))
            {
                return FileName[..^ending.Length];
            }
        }

        return null;
    }
}
