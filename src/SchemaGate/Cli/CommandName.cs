using System.Text.RegularExpressions;

namespace SchemaGate.Cli;

/// <summary>
/// What the program was called by: kubectl finds a plugin by its file's name (<c>kubectl-schemagate</c>) and, from 1.26 on, who completes
/// the plugin's words (<c>kubectl_complete-schemagate</c>). It is one file under each of these names.
/// </summary>
/// <param name="Words">As one types it.</param>
internal sealed partial record CommandName(string Words)
{
    public static CommandName Own { get; } = new("schemagate");

    private static CommandName Plugin { get; } = new("kubectl schemagate");

    /// <summary>Whether kubectl asks what may follow the words.</summary>
    public bool Completes { get; private init; }

    /// <param name="path">The first word of the process's command line, a path or a bare name.</param>
    public static CommandName Of(string? path) => Path.GetFileName(path) switch
    {
        "kubectl-schemagate" => Plugin,
        "kubectl_complete-schemagate" => Plugin with { Completes = true },
        _ => Own,
    };

    /// <summary>
    /// A text whose commands are written as they are typed: those in backquotes, and those that begin a line or follow a bar.
    /// </summary>
    public string In(string text) => this == Own ? text : OwnCommand().Replace(text, Words);

    [GeneratedRegex(@"(?<=`|^ *|\| )schemagate(?= [a-z])", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnCommand();
}
