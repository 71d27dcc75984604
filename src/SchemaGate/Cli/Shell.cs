namespace SchemaGate.Cli;

/// <summary>What surrounds a command, apart from its two writers.</summary>
/// <param name="OpenInput">Opens standard input.</param>
/// <param name="Variable">An environment variable, or null.</param>
/// <param name="Time">The clock.</param>
/// <param name="IsColoured">Whether the output goes to someone who sees colours.</param>
internal sealed record Shell(Func<Stream> OpenInput, Func<string, string?> Variable, TimeProvider Time, bool IsColoured)
{
    /// <summary>Whether somebody can be asked: a question goes to standard error, and its answer comes from standard input.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether the output is a terminal on which lines can be written anew.</summary>
    public bool IsLive { get; init; }

    /// <summary>What the program was called by.</summary>
    public CommandName Name { get; init; } = CommandName.Own;

    public static Shell OfProcess() => new(
        Console.OpenStandardInput, Environment.GetEnvironmentVariable, TimeProvider.System, SeesColours(
            Environment.GetEnvironmentVariable))
    {
        IsTerminal = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        IsLive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb",
        Name = CommandName.Of(Environment.GetCommandLineArgs().FirstOrDefault()),
    };

    /// <summary>Text for whoever reads the output, who is told the command as they typed it.</summary>
    public StyledText Text(TextWriter output) => new(output, IsColoured) { Name = Name };

    /// <summary>One line of standard input; null at its end.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        using StreamReader reader = new(OpenInput());
        return await reader.ReadLineAsync(cancellation);
    }

    /// <summary>All of standard input, up to a length.</summary>
    /// <exception cref="UsageException">It is longer.</exception>
    public async Task<byte[]> ReadInputAsync(int longest, CancellationToken cancellation)
    {
        await using Stream input = OpenInput();
        using MemoryStream content = new();
        byte[] buffer = new byte[64 << 10];
        for (int read; (read = await input.ReadAsync(buffer, cancellation)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > longest)
            {
                throw new UsageException($"Standard input is longer than {longest >> 10} KiB: that is not what was asked for.");
            }
        }

        return content.ToArray();
    }

    /// <summary>NO_COLOR as no-color.org has it: any value but the empty one.</summary>
    private static bool SeesColours(Func<string, string?> variable) =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb";
}
