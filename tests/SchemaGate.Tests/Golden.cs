namespace SchemaGate.Tests;

/// <summary>
/// Outputs that are compared whole with a file of the checkout. With SCHEMAGATE_TEST_REWRITE=1 the file is written instead, and what
/// changed is reviewed in the diff.
/// </summary>
internal static class Golden
{
    public static void Same(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_REWRITE") == "1")
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") != "true", "SCHEMAGATE_TEST_REWRITE compares nothing: not where CI=true.");
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} is not there: SCHEMAGATE_TEST_REWRITE=1 writes it.");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
