namespace SchemaGate.Core;

/// <summary>A stranger's name in a command line that somebody will paste.</summary>
public static class ShellWord
{
    /// <summary>
    /// As it is where a POSIX shell takes it for one word, else in single quotes (POSIX.1-2017, Shell Command Language, 2.2.2).
    /// </summary>
    public static string Of(string name) =>
        name.Length > 0 && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '/' or '-' or '_')
        ? name
        : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
