namespace SchemaGate.Tests.Gates.Model;

/// <summary>
/// What there is to roll out: versions 1 to 4 need as many migrations, by image; version 5 names a tag that moves; version 6 names a
/// migration. Several builds of a version differ in nothing but their template.
/// </summary>
internal static class ModelVersions
{
    public const int Last = 6;
    public const int Builds = 2;
    public const int Migrations = 4;
    public const int Edge = 5;
    public const int Named = 6;

    private static readonly string[] s_values =
        [.. Enumerable.Range(0, Last + 1).Select(version => version switch
        {
            Edge => "registry.test/shop/schema:edge",
            Named => Given.M(2),
            _ => $"registry.test/shop/schema:{version}",
        })];

    private static readonly string[] s_requires = [.. s_values.Select(value => $"shop={value}")];
    private static readonly string[] s_templates =
        [.. Enumerable.Range(0, (Last + 1) * Builds).Select(index => $"v{index / Builds}.{index % Builds}")];

    /// <summary>As many as there are numbers of templates.</summary>
    public static int Templates => s_templates.Length;

    public static int Of(int version, int build) => (version * Builds) + build;

    public static int Version(int template) => template / Builds;

    public static string Name(int template) => s_templates[template];

    public static string Value(int template) => s_values[Version(template)];

    public static string Requires(int template) => s_requires[Version(template)];
}
