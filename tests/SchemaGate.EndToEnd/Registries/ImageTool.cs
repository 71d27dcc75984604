using System.ComponentModel;
using SchemaGate.EndToEnd.Support;

namespace SchemaGate.EndToEnd.Registries;

/// <summary>Runs the programs that images are made with; where one is missing its test is skipped, or fails under CI=true.</summary>
internal static class ImageTool
{
    public static async Task RunAsync(string program, params string[] arguments)
    {
        try
        {
            await TestEnvironment.RunAsync(program, arguments);
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{program} is not installed");
        }
    }
}
