using System.CommandLine;
using System.Text;
using SchemaGate.Cli;

namespace SchemaGate.Tests.Cli;

/// <summary>What one invocation printed and returned.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>The command line in this process, with its own environment and standard input.</summary>
internal sealed class Schemagate
{
    private static readonly Lock s_creation = new();

    /// <summary>The DATABASE_URL of the environment.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>The DOCKER_CONFIG of the environment.</summary>
    public string? DockerConfig { get; init; }

    /// <summary>The TRACEPARENT of the environment.</summary>
    public string? Traceparent { get; init; }

    /// <summary>The EDITOR of the environment.</summary>
    public string? Editor { get; init; }

    public string Input { get; init; } = "";

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether the output is a terminal on which lines can be written anew.</summary>
    public bool IsLive { get; init; }

    /// <summary>What the program is called by: a file's path.</summary>
    public string Path { get; init; } = "schemagate";

    public StringWriter Output { get; init; } = new();

    public StringWriter Error { get; } = new();

    public static Task<Outcome> RunAsync(params string[] args) => new Schemagate().InvokeAsync(args, TestContext.Current.CancellationToken);

    public async Task<Outcome> InvokeAsync(string[] args, CancellationToken cancellation)
    {
        Shell shell = new(
            () => new MemoryStream(Encoding.UTF8.GetBytes(Input)), Variable, Time, IsColoured: false)
        {
            IsTerminal = IsTerminal,
            IsLive = IsLive,
            Name = CommandName.Of(Path),
        };
        int code = await CommandLine.RunAsync(Create(shell), args, Output, TextWriter.Synchronized(Error), cancellation);
        return new Outcome(code, Output.ToString(), Error.ToString());
    }

    private string? Variable(string name) => name switch
    {
        "DATABASE_URL" => DatabaseUrl,
        "DOCKER_CONFIG" => DockerConfig,
        "TRACEPARENT" => Traceparent,
        "EDITOR" => Editor,
        _ => null,
    };

    /// <summary>Options are shared by all command lines of a process, which are made one after the other.</summary>
    private static RootCommand Create(Shell shell)
    {
        lock (s_creation)
        {
            return CommandLine.Create(shell);
        }
    }
}
