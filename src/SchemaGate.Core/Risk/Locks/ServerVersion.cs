namespace SchemaGate.Core.Risk.Locks;

/// <summary>PostgreSQL's major versions that the tables of locks were measured on.</summary>
public static class ServerVersion
{
    public static int Oldest => 13;

    public static int Newest => 18;
}
