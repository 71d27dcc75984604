using System.CommandLine;

namespace SchemaGate.Cli.Completing;

/// <summary><c>schemagate completion</c>: what a shell reads to complete the command's words.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> ShellName = CreateShellName();

    public static Command Create()
    {
        Command command = new("completion", """
            Print what a shell needs to complete commands, options, and the names of gates and namespaces.

            Names come from the cluster: within two seconds, or not at all. `kubectl schemagate` is completed by kubectl itself, from 1.26
            on, where a file `kubectl_complete-schemagate` is in the PATH: the same program under that name.

            Examples:
              schemagate completion bash > /etc/bash_completion.d/schemagate
              schemagate completion zsh > "${fpath[1]}/_schemagate"
              schemagate completion fish > ~/.config/fish/completions/schemagate.fish
              source <(schemagate completion bash)

            Exit codes: 0; 2 wrong usage.
            """)
        {
            ShellName,
        };
        command.SetAction(arguments =>
        {
            arguments.InvocationConfiguration.Output.Write(CompletionScripts.All[arguments.GetValue(ShellName)!]);
            return ExitCodes.Open;
        });
        return command;
    }

    private static Argument<string> CreateShellName()
    {
        Argument<string> shell = new("SHELL") { Description = "Whose it is." };
        return shell.AcceptOnlyFromAmong([.. CompletionScripts.All.Keys]);
    }
}
