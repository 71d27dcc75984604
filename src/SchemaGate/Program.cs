using System.CommandLine;
using SchemaGate.Operator;

RootCommand root = new("Keeps application code from running on a database schema it was not written for.")
{
    OperatorCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
