namespace SchemaGate.Core.Databases;

/// <summary>Which database this really is: two URLs may name one, and one URL may come to name another.</summary>
/// <param name="System">The cluster's system identifier (<c>pg_control_system()</c>), decimal.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Schema">The schema that holds the history.</param>
public sealed record DatabaseIdentity(string System, string Database, string Schema)
{
    public override string ToString() => $"{System}/{Database}/{Schema}";
}
