namespace SchemaGate.Cli;

/// <summary>
/// The command line asks for something that cannot be meant. Its message is one sentence with the next step, without credentials.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);
