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

    public string Input { get; init; } = "";

    /// <summary>Whether somebody can be asked.</summary>
    public bool IsTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public StringWriter Error { get; } = new();

    public static Task<Outcome> RunAsync(params string[] args) => new Schemagate().InvokeAsync(args, TestContext.Current.CancellationToken);

    public async Task<Outcome> InvokeAsync(string[] args, CancellationToken cancellation)
    {
        Shell shell = new(
            () => new MemoryStream(Encoding.UTF8.GetBytes(Input)), Variable, Time, IsColoured: false)
        {
            IsTerminal = IsTerminal,
        };
        using StringWriter output = new();
        int code = await CommandLine.RunAsync(Create(shell), args, output, TextWriter.Synchronized(Error), cancellation);
        return new Outcome(code, output.ToString(), Error.ToString());
    }

    private string? Variable(string name) => name switch
    {
        "DATABASE_URL" => DatabaseUrl,
        "DOCKER_CONFIG" => DockerConfig,
        "TRACEPARENT" => Traceparent,
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
