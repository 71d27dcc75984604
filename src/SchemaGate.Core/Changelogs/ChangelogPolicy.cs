namespace SchemaGate.Core.Changelogs;

/// <summary>How a document is judged beside a migration set.</summary>
/// <param name="Undocumented">What a pending migration without an entry does.</param>
/// <param name="RecordsThisDatabase">DEPLOYED in the document means deployed in the database at hand.</param>
public sealed record ChangelogPolicy(PolicyMode Undocumented, bool RecordsThisDatabase);
