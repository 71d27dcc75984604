using System.CommandLine;

namespace SchemaGate.Cli.Completing;

/// <summary>
/// What may follow the words of a command line that is not finished, for shells and for kubectl: <c>[suggest]</c>, and then the words
/// behind the program's name, the last of which is being written (empty after a space). Beside it stands System.CommandLine's own
/// <c>[suggest:POSITION] LINE</c>, which is for dotnet-suggest.
/// </summary>
internal static class Completions
{
    public const string Directive = "[suggest]";

    /// <summary>For kubectl, which reads what cobra writes: the candidates, and then what it shall do about them.</summary>
    public const string KubectlDirective = "[suggest:kubectl]";

    private const string FilesInstead = ":0";
    private const string NothingElse = ":4";

    /// <summary>Prints the candidates, a line each; says nothing where it fails, because somebody is in the middle of typing.</summary>
    /// <returns>Whether completions were asked for.</returns>
    public static bool Print(RootCommand root, string[] args, TextWriter output)
    {
        if (args is not [Directive or KubectlDirective, .. var words])
        {
            return false;
        }

        IReadOnlyList<string> candidates = Candidates(root, words);
        foreach (string candidate in candidates)
        {
            output.WriteLine(StyledText.Printable(candidate));
        }

        if (args[0] == KubectlDirective)
        {
            output.WriteLine(candidates.Count > 0 ? NothingElse : FilesInstead);
        }

        return true;
    }

    private static IReadOnlyList<string> Candidates(RootCommand root, string[] words)
    {
        try
        {
            return Of(root, words);
        }
#pragma warning disable CA1031 // A line that is half written may be anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Of(RootCommand root, string[] words)
    {
        // Bash takes --option=value apart at the sign, others leave it whole.
        string last = words.LastOrDefault() is { } word and not "=" ? word : "";
        List<string> before = [.. words.SkipLast(1).Where(word => word != "=")];
        if (last.StartsWith("--", StringComparison.Ordinal) && last.Split('=', 2) is [var option, var value])
        {
            return [.. Of(root, [.. before, option], value).Select(candidate => $"{option}={candidate}")];
        }

        return Of(root, before, last);
    }

    private static IReadOnlyList<string> Of(RootCommand root, List<string> before, string last)
    {
        ParseResult parsed = root.Parse(before, CommandLine.Words);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return [];
        }

        // A switch may have a value, which nobody writes, and would be given what follows.
        HashSet<string> switches = [.. parsed.CommandResult.Command.Options.Where(option => option.ValueType == typeof(bool))
            .SelectMany(option => option.Aliases.Append(option.Name))];
        string line = string.Join(' ', ["schemagate", .. before.Where(word => !switches.Contains(word)).Append(last).Select(Quoted)]);
        return [.. root.Parse(line, CommandLine.Words).GetCompletions(line.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(candidate => candidate.StartsWith(last, StringComparison.Ordinal) && (last.Length > 0 || IsWord(candidate)))
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Options are shown to whoever begins to write one.</summary>
    private static bool IsWord(string candidate) => candidate is not ['-' or '/', ..];

    private static string Quoted(string word) => word.Any(char.IsWhiteSpace) ? $"\"{word}\"" : word;
}
