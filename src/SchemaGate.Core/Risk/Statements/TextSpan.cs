namespace SchemaGate.Core.Risk.Statements;

/// <summary>A place in a migration's text, in UTF-16 code units as C# and SARIF count them.</summary>
/// <param name="Offset">Of the first character, from 0; a byte order mark counts.</param>
/// <param name="Length">How many characters.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct TextSpan(int Offset, int Length, int Line, int Column);
