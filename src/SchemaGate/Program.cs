using SchemaGate.Cli;
using SchemaGate.Cli.Completing;
using SchemaGate.Operator;

Shell shell = Shell.OfProcess();
// The console's own writer makes a system call of every 256 characters, and a report has millions.
await using StreamWriter output = new(Console.OpenStandardOutput(), bufferSize: 64 << 10) { AutoFlush = true };
return await CommandLine.RunAsync(
    CommandLine.Create(shell, OperatorCommand.Create()),
    shell.Name.Completes ? [Completions.KubectlDirective, .. args] : args,
    TextWriter.Synchronized(output),
    Console.Error);
