using System.Runtime.ExceptionServices;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// What the native parser may be given. Its grammar keeps a stack of its own, but its JSON is written by recursion on the C stack, as deep
/// as the tree, and the tree of <c>1+1+1…</c> is as deep as the text is long: a million of them end a process with 8 MiB of stack, for
/// libpg_query's own check of the stack has no part in it. So the length of a text bounds the depth, and the stack is made for the length.
/// </summary>
internal static class ParserLimits
{
    /// <summary>
    /// Stack for one byte of text. The worst found in some thirty forms of nesting are 67 bytes (libpg_query 15-4.0.0, amd64: <c>- - -
    /// a</c>; <c>1+1+1</c> takes 64).
    /// </summary>
    public const int StackPerByte = 256;

    /// <summary>
    /// The longest text for one parse. The tree and its JSON take up to 330 times the text (85 MB here); real statements are shorter, but
    /// for bulk data.
    /// </summary>
    public const int MostParsedBytes = 256 << 10;

    /// <summary>
    /// Words and signs of one such text, inside of quotation marks, too: what a tree takes depends on how many there are, and a quarter of
    /// what the longest text could have keeps it below 50 MB. Of real statements only those have more that carry data.
    /// </summary>
    public const int MostPieces = 32 << 10;

    /// <summary>
    /// Up to here (1 MiB of stack) a parse runs on the caller's thread, which has 1.5 MiB at least (musl's default in .NET); most
    /// migrations are shorter.
    /// </summary>
    public const int MostBytesInline = 4 << 10;

    /// <summary>
    /// How deep the tree's JSON may be: 500 levels of <c>1+1+1…</c>, 1,000 of UNION. JsonDocument's time to parse grows with the square of
    /// the depth.
    /// </summary>
    public const int MostDepth = 1000;

    /// <summary>
    /// The longest script that is judged: longer ones carry data, not a schema, and the scanner alone takes up to 35 times the text.
    /// </summary>
    public const int MostScriptBytes = 4 << 20;

    /// <summary>The most statements of one script that are judged.</summary>
    public const int MostStatements = 100_000;

    /// <summary>Whether a text may be given to the parser as one.</summary>
    public static bool Fits(ReadOnlySpan<byte> text) =>
        text.Length <= MostParsedBytes && (text.Length <= MostPieces || Pieces(text) <= MostPieces);

    private static int Pieces(ReadOnlySpan<byte> text)
    {
        int pieces = 0;
        bool isWord = false;
        foreach (byte letter in text)
        {
            bool wasWord = isWord;
            isWord = char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'_' or >= 0x80;
            pieces += (isWord && wasWord) || letter <= ' ' ? 0 : 1;
        }

        return pieces;
    }

    /// <summary>Runs a parse of so many bytes where its stack suffices. Only what it touches of a stack takes memory.</summary>
    public static T Run<T>(int bytes, Func<T> parse)
    {
        if (bytes <= MostBytesInline)
        {
            return parse();
        }

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    result = parse();
                }
                catch (Exception exception)
                {
                    // Unhandled on this thread it would end the process.
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            MostParsedBytes * StackPerByte);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
