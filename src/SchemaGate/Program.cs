using SchemaGate.Cli;
using SchemaGate.Operator;

if (args is ["migrate", ..])
{
    // The runtime's sockets read it once, when the first one is used: an answer is taken on the thread that saw it come, instead of being handed to another,
    // which costs more than a small statement. Only here, where one thing is waited for at a time.
    Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}

Shell shell = Shell.OfProcess();
// The console's own writer makes a system call of every 256 characters, and a report has millions.
await using StreamWriter output = new(Console.OpenStandardOutput(), bufferSize: 64 << 10) { AutoFlush = true };
return await CommandLine.RunAsync(CommandLine.Create(shell, OperatorCommand.Create()), args, TextWriter.Synchronized(output), Console.Error);
