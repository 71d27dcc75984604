namespace SchemaGate.Core.Changelogs;

/// <summary>A place in a document: line and column count from 1, columns and length in UTF-16 code units.</summary>
public readonly record struct SourceSpan(int Line, int Column, int Length);
