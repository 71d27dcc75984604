using SchemaGate.Cli;
using SchemaGate.Operator;

Shell shell = Shell.OfProcess();
return await CommandLine.RunAsync(CommandLine.Create(shell, OperatorCommand.Create()), args, Console.Out, Console.Error);
