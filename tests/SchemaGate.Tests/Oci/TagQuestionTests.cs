using System.Net;
using SchemaGate.Oci;

namespace SchemaGate.Tests.Oci;

/// <summary>What a tag names is asked of many images at a time, and of registries that know no HEAD by the manifest's bytes.</summary>
[Collection(Alone.Name)]
public sealed class TagQuestionTests
{
    private const int Questions = 32;
    private const int ManifestBytes = 4_000_000;

    [Fact]
    public async Task What_a_registry_sends_in_answer_to_a_question_about_a_tag_is_not_kept()
    {
        List<HalfSent> bodies = [];
        using FakeRegistry registry = new()
        {
            Fault = request =>
            {
                if (request.Method == HttpMethod.Head)
                {
                    return FakeRegistry.Answer(HttpStatusCode.MethodNotAllowed);
                }

                bodies.Add(new(ManifestBytes));
                return new() { Content = new StreamContent(bodies[^1]) };
            },
        };
        using RegistryClient client = registry.Client();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Task<Digest>[] asking = [.. Enumerable.Range(0, Questions).Select(
            _ => client.ResolveAsync(FakeRegistry.Image, new(), TestContext.Current.CancellationToken))];

        await Task.WhenAll(bodies.Select(body => body.AllButTheEnd));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Questions * ManifestBytes / 4L);

        bodies.ForEach(body => body.Finish());
        Digest expected = Digest.Of(new byte[ManifestBytes]);
        Assert.All(await Task.WhenAll(asking), digest => Assert.Equal(expected, digest));
    }

    /// <summary>Zeros, the last of which is sent when it is asked to finish.</summary>
    private sealed class HalfSent(int length) : MemoryStream
    {
        private readonly TaskCompletionSource almost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource finishing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = length;

        public Task AllButTheEnd => almost.Task;

        public void Finish() => finishing.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left == 1)
            {
                almost.TrySetResult();
                await finishing.Task.WaitAsync(cancellationToken);
            }

            int count = Math.Min(buffer.Length, left > 1 ? left - 1 : left);
            buffer.Span[..count].Clear();
            left -= count;
            return count;
        }
    }
}
