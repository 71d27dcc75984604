using System.CommandLine;
using System.Text;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;

namespace SchemaGate.Cli.Changelogs;

/// <summary>The changelog document that a command is about.</summary>
/// <param name="Path">As given; - for standard input.</param>
internal sealed record DocumentFile(string Path)
{
    /// <summary>No character takes more bytes: what is longer is refused as text, with its reason.</summary>
    private const int LongestFile = 4 * ChangelogParser.MaxLength;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Option<string?> Option { get; } = new("--changelog")
    {
        HelpName = "FILE",
        Description = "The document, or - for standard input. Default: "
            + $"{string.Join(", then ", ChangelogSource.DefaultDocuments)}.",
    };

    public bool IsInput => Path == "-";

    /// <summary>As it stands in messages.</summary>
    public string Shown => IsInput ? "<stdin>" : Path;

    /// <exception cref="DocumentException">None is named, and none is at the usual places.</exception>
    public static DocumentFile Of(ParseResult arguments)
    {
        string? named = arguments.GetValue(Option) ?? ChangelogSource.DefaultDocuments.FirstOrDefault(File.Exists);
        return named is { Length: > 0 }
            ? new(named)
            : throw new DocumentException($"There is no {string.Join(" and no ", ChangelogSource.DefaultDocuments)} here: "
                + "name the document with --changelog.");
    }

    /// <summary>The directory that the document's and the migrations' usual paths are below.</summary>
    public string Root
    {
        get
        {
            string? usual = IsInput ? null : ChangelogSource.DefaultDocuments.FirstOrDefault(
                document => System.IO.Path.GetFullPath(Path).EndsWith($"/{document}", StringComparison.Ordinal));
            return usual is null ? System.IO.Path.GetFullPath(".") : System.IO.Path.GetFullPath(Path)[..^(usual.Length + 1)];
        }
    }

    /// <summary>The document's text, with its byte order mark where it has one.</summary>
    /// <exception cref="DocumentException">It cannot be read, or is no UTF-8.</exception>
    public async Task<string> ReadAsync(Shell shell, CancellationToken cancellation)
    {
        byte[] content = IsInput ? await shell.ReadInputAsync(LongestFile, cancellation) : await ContentAsync(cancellation);
        return Decoded(content);
    }

    /// <exception cref="DocumentException">It cannot be read.</exception>
    public async Task<byte[]> ContentAsync(CancellationToken cancellation)
    {
        try
        {
            return new FileInfo(Path).Length <= LongestFile
                ? await File.ReadAllBytesAsync(Path, cancellation)
                : throw new DocumentException($"{Shown} is larger than {LongestFile >> 20} MiB.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DocumentException($"{Shown} cannot be read: {exception.Message}");
        }
    }

    /// <summary>A text as it is saved.</summary>
    public static byte[] Encoded(string text) => s_strict.GetBytes(text);

    /// <exception cref="DocumentException">It is no UTF-8, which would not be the same when written again.</exception>
    public string Decoded(byte[] content)
    {
        try
        {
            return s_strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            throw new DocumentException($"{Shown} is no UTF-8: save it as that.");
        }
    }
}

/// <summary>A document that cannot be read or written. Its message is a sentence.</summary>
internal sealed class DocumentException(string message) : Exception(message);
