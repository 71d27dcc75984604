namespace SchemaGate.Tests;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(new(AppContext.BaseDirectory)).FullName;

    private static DirectoryInfo Above(DirectoryInfo directory) =>
        File.Exists(Path.Combine(directory.FullName, "SchemaGate.sln")) ? directory : Above(directory.Parent!);
}
