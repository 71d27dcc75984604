namespace SchemaGate.EndToEnd.Support;

/// <summary>What is judged as it is applied. While a killed leader is missed, that takes more than one try.</summary>
internal static class JudgedApply
{
    private const int TriesUnderKills = 60;

    public static async Task PassesAsync(string manifest)
    {
        (int code, string error) = (1, "");
        for (int tries = 0; code != 0 && tries < (OperatorFixture.IsUnderKills ? TriesUnderKills : 1); tries++)
        {
            (code, _, error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, manifest);
        }

        Assert.True(code == 0, error);
    }

    /// <summary>Asserts that it is refused in these words.</summary>
    public static async Task IsRefusedAsync(string manifest, string words)
    {
        string error;
        do
        {
            (int code, _, error) = await TestEnvironment.TryAgainAsync("kubectl", TestEnvironment.Apply, manifest);
            Assert.NotEqual(0, code);
        }
        while (OperatorFixture.IsUnderKills && !error.Contains(words, StringComparison.Ordinal));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    /// <summary>Waits until a shop's pods are these, as <c>version:ready</c>.</summary>
    public static async Task PodsAreAsync(this Shop shop, string expected)
    {
        string seen = "";
        await Eventually.TrueAsync(async () => (seen = await shop.PodsAsync()) == expected, () => $"pods {expected}; there are: {seen}");
    }
}
