using System.Text.Json.Serialization;

namespace SchemaGate.Cli.Uninstall;

/// <summary>What <c>uninstall</c> lifted: its JSON shape, and what it prints.</summary>
/// <param name="Result">
/// <c>lifted</c>, <c>planned</c> (with --dry-run), <c>nothing</c>, <c>incomplete</c> (some of it) or <c>refused</c> (nothing was done).
/// </param>
/// <param name="Objects">What was written, or would be, and what could not be.</param>
/// <param name="Problem">Why nothing was done; null where it was.</param>
internal sealed record UninstallReport(string Result, IReadOnlyList<LiftLine> Objects, string? Problem = null)
{
    /// <summary>Whether the API server could not be reached, or asked, at some point.</summary>
    [JsonIgnore]
    public bool IsCutOff { get; init; }

    [JsonIgnore]
    public int ExitCode => (IsCutOff, Result) switch
    {
        (true, _) => ExitCodes.Unreachable,
        (_, "incomplete" or "refused") => ExitCodes.Blocked,
        _ => ExitCodes.Open,
    };

    public static UninstallReport Of(Lifter lifter, bool isRehearsal)
    {
        string result = (lifter.Lines, isRehearsal) switch
        {
            ({ Count: 0 }, _) => "nothing",
            ({ } lines, _) when lines.Any(line => line.Problem is not null) => "incomplete",
            (_, true) => "planned",
            _ => "lifted",
        };
        return new(result, lifter.Lines) { IsCutOff = lifter.IsCutOff };
    }

    public void Print(StyledText text)
    {
        (string sentence, Style style) = Result switch
        {
            "lifted" => ("SchemaGate holds nothing any more.", Style.Green),
            "planned" => ("This would be lifted. Nothing was changed.", Style.Bold),
            "nothing" => ("There is nothing to lift.", Style.Plain),
            "incomplete" => ("Not everything could be lifted, or told.", Style.Red),
            _ => (Problem ?? "", Style.Red),
        };
        text.Line(sentence, style);
        foreach (LiftLine line in Objects)
        {
            line.Print(text);
        }
    }
}

/// <summary>One object, or one kind of which the objects could not be listed.</summary>
/// <param name="Kind">As kubectl names it: <c>deployment</c>.</param>
/// <param name="Namespace">Null for cluster-scoped ones, and for those of every namespace.</param>
/// <param name="Name">Null where they could not be listed.</param>
/// <param name="Lifted">
/// <c>registration</c> (the API server asks SchemaGate no more), <c>hold</c>, <c>pause</c>, <c>record</c> (of its release), <c>wake</c>
/// (its controller looks at it again), <c>pod</c> (it goes, and its maker makes another).
/// </param>
/// <param name="Problem">Why it could not be; null where it was, or with --dry-run would be.</param>
internal sealed record LiftLine(string Kind, string? Namespace, string? Name, IReadOnlyList<string> Lifted, string? Problem = null)
{
    public void Print(StyledText text)
    {
        string ns = Namespace is { } given ? $" -n {given}" : "";
        text.Write($"  {Kind}{(Name is { } name ? $"/{name}" : "s")}{ns}");
        text.Write(Lifted.Count == 0 ? "" : $": {string.Join(", ", Lifted)}");
        text.Line(Problem is { } problem ? $": {problem}" : "", Style.Red);
    }
}
