namespace SchemaGate.Postgres.Connections;

/// <summary>
/// Carries the sentence that <see cref="DatabaseUrl.TryParse"/> returns out of the parser's depth; it never leaves this folder.
/// </summary>
internal sealed class UrlProblemException(string message) : Exception(message);
