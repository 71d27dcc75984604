namespace SchemaGate.Tests.Kubernetes;

internal static class Eventually
{
    /// <summary>Waits for what other threads bring about: a loaded machine takes its time.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        for (var looks = 0; !condition(); looks++)
        {
            Assert.True(looks < 3000, "it did not happen within half a minute");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
