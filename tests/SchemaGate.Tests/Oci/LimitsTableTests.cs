using System.Globalization;
using System.Text.RegularExpressions;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

public sealed partial class LimitsTableTests
{
    [Fact]
    public void The_documented_limits_are_the_ones_in_force()
    {
        var documented = Row().Matches(File.ReadAllText(Readme())).ToDictionary(
            match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
        var limits = new RegistryLimits();
        var inForce = typeof(RegistryLimits).GetProperties().Where(property => property.CanWrite).ToDictionary(
            property => property.Name, property => Text(property.Name, property.GetValue(limits)!), StringComparer.Ordinal);
        Assert.Equal(
            inForce.OrderBy(limit => limit.Key, StringComparer.Ordinal), documented.OrderBy(limit => limit.Key, StringComparer.Ordinal));
    }

    private static string Text(string name, object value) => value switch
    {
        TimeSpan { TotalMinutes: >= 1 } time => $"{time.TotalMinutes} min",
        TimeSpan { TotalSeconds: >= 1 } time => $"{time.TotalSeconds} s",
        TimeSpan time => $"{time.TotalMilliseconds} ms",
        _ when name.EndsWith("Bytes", StringComparison.Ordinal) => Size(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Size(long bytes) =>
        bytes >= 1 << 30 ? $"{bytes >> 30} GiB" : bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private static string Readme()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SchemaGate.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "src/SchemaGate.Oci/README.md");
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<value>[^|]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
