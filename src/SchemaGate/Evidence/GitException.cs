namespace SchemaGate.Evidence;

/// <summary>git could not be asked, or did not answer. Its message is a sentence without a URL, which may hold a password.</summary>
internal sealed class GitException(string message) : Exception(message);
