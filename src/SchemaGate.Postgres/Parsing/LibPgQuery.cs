using System.Globalization;
using System.Runtime.InteropServices;

namespace SchemaGate.Postgres.Parsing;

/// <summary>
/// Three functions of libpg_query, PostgreSQL's own parser as a library (https://github.com/pganalyze/libpg_query, pg_query.h).
/// </summary>
internal static unsafe partial class LibPgQuery
{
    private const string Name = "pg_query";

    private static readonly Lazy<nint> s_library = new(Find);

    static LibPgQuery() => NativeLibrary.SetDllImportResolver(typeof(LibPgQuery).Assembly, Resolve);

    /// <summary>Byte ranges of a script's statements, or null and the parser's message where the text does not parse.</summary>
    /// <param name="sql">UTF-8 that ends with a zero byte and has no other.</param>
    /// <param name="byScanner">Split at semicolons of the scanner's, which needs to know no syntax, instead of by the grammar.</param>
    public static List<Range>? Split(ReadOnlySpan<byte> sql, bool byScanner, out string? error)
    {
        fixed (byte* text = sql)
        {
            SplitResult result = byScanner ? SplitByScanner(text) : SplitByParser(text);
            try
            {
                error = result.Error is null ? null : Marshal.PtrToStringUTF8(result.Error->Message) ?? "";
                return error is null ? Ranges(result) : null;
            }
            finally
            {
                FreeSplit(result);
            }
        }
    }

    /// <summary>
    /// The parse tree as JSON, or null and the parser's message where the text does not parse. The caller sees to the stack
    /// (<see cref="ParserLimits"/>).
    /// </summary>
    /// <param name="sql">UTF-8 that ends with a zero byte and has no other.</param>
    public static byte[]? Parse(ReadOnlySpan<byte> sql, out string? error)
    {
        fixed (byte* text = sql)
        {
            ParseResult result = ParseTree(text);
            try
            {
                error = result.Error is null ? null : Marshal.PtrToStringUTF8(result.Error->Message) ?? "";
                return error is null ? MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result.Tree).ToArray() : null;
            }
            finally
            {
                FreeParse(result);
            }
        }
    }

    private static List<Range> Ranges(SplitResult result)
    {
        List<Range> ranges = new(result.Count);
        for (int index = 0; index < result.Count; index++)
        {
            SplitStatement* statement = result.Statements[index];
            ranges.Add(statement->Location..(statement->Location + statement->Length));
        }

        return ranges;
    }

    [LibraryImport(Name, EntryPoint = "pg_query_parse")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial ParseResult ParseTree(byte* sql);

    [LibraryImport(Name, EntryPoint = "pg_query_free_parse_result")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeParse(ParseResult result);

    [LibraryImport(Name, EntryPoint = "pg_query_split_with_parser")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SplitResult SplitByParser(byte* sql);

    [LibraryImport(Name, EntryPoint = "pg_query_split_with_scanner")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SplitResult SplitByScanner(byte* sql);

    [LibraryImport(Name, EntryPoint = "pg_query_free_split_result")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeSplit(SplitResult result);

    /// <summary>Asked once for each function.</summary>
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? search) =>
        name == Name ? s_library.Value : 0;

    /// <summary>
    /// Debian's packages have versioned names only: libpg_query.so.1504.0 is PostgreSQL 15's. The newest parser reads the most.
    /// </summary>
    private static nint Find()
    {
        string[] roots = [AppContext.BaseDirectory, "/usr/local/lib", "/usr/lib64", "/usr/lib"];
        IEnumerable<string> directories = roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root, "*-linux-*").Prepend(root));
        IEnumerable<string> files = directories.SelectMany(directory => Directory.EnumerateFiles(directory, "libpg_query.so*"));
        foreach (string file in files.OrderByDescending(Version))
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }

    private static double Version(string file) =>
        double.TryParse(Path.GetFileName(file)["libpg_query.so".Length..].TrimStart('.'), CultureInfo.InvariantCulture, out double version)
        ? version
        : 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct SplitStatement
    {
        public int Location;
        public int Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ParseError
    {
        public nint Message;
        public nint Function;
        public nint File;
        public int Line;
        public int Cursor;
        public nint Context;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ParseResult
    {
        public byte* Tree;
        public nint Warnings;
        public ParseError* Error;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SplitResult
    {
        public SplitStatement** Statements;
        public int Count;
        public nint Warnings;
        public ParseError* Error;
    }
}
