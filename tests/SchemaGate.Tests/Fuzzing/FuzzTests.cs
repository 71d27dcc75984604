using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SchemaGate.Tests.Operators;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>
/// What tenants write, damaged, before whoever reads it. <c>SCHEMAGATE_TEST_SEED</c> repeats a run, and what failed comes first in it.
/// A file that found a fault belongs into the corpus (<c>corpus/TARGET.NUMBER</c>), which is tried undamaged, too.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int MostTries = 2000;
    private const long MostBytes = 256 << 20;

    private static readonly TimeSpan s_run = TimeSpan.FromMilliseconds(400);

    /// <summary>For one text of at most 64 KiB, on a machine that does much else; what is quadratic takes longer.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "SchemaGate.Tests", "Fuzzing", "corpus");

    private static readonly List<(string Target, byte[] Content)> s_corpus =
    [
        .. Directory.EnumerateFiles(s_folder).Order(StringComparer.Ordinal).Select(file => (Target(file), File.ReadAllBytes(file))),
        .. FuzzTargets.Made.Select(made => (made.Key, Encoding.UTF8.GetBytes(made.Value))),
        ("changelog.md", File.ReadAllBytes(Path.Combine(s_folder, "..", "..", "Changelogs", "corpus", "seed.md"))),
    ];

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_is_damaged_is_read_or_refused_as_documented_and_opens_nothing(string target)
    {
        List<byte[]> own = [.. s_corpus.Where(item => item.Target == target).Select(item => item.Content)];
        Assert.NotEmpty(own);
        own.ForEach(FuzzTargets.All[target]);
        int seed = Seed();
        long began = Stopwatch.GetTimestamp();
        for (int number = 0; number < MostTries && Stopwatch.GetElapsedTime(began) < s_run; number++)
        {
            Try(target, own, unchecked(seed + number));
        }
    }

    /// <summary>Over the wire, as the API server sends it: an answer, in words, and never a fault.</summary>
    [Fact]
    public async Task A_damaged_admission_review_is_answered_and_lets_nothing_new_through()
    {
        await using VerdictServer server = await VerdictServer.StartAsync(VerdictServer.Gate());
        using HttpClient client = server.Client();
        List<byte[]> reviews = [.. s_corpus.Where(item => item.Target == "review.json").Select(item => item.Content)];
        int seed = Seed();
        long began = Stopwatch.GetTimestamp();
        for (int number = -reviews.Count; number < MostTries && Stopwatch.GetElapsedTime(began) < s_run * 4; number++)
        {
            byte[] damaged = number < 0 ? reviews[^-number] : Damaged(unchecked(seed + number), reviews);
            using ByteArrayContent content = new(damaged);
            using HttpResponseMessage answer = await client.PostAsync(
                VerdictServer.DeploymentPath, content, TestContext.Current.CancellationToken);
            string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            string told = $"SCHEMAGATE_TEST_SEED={unchecked(seed + number)}: {(int)answer.StatusCode} {body}\n{Mutator.Text(damaged)}";
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.ServiceUnavailable, told);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Assert.True(JsonNode.Parse(body)!["response"]!["allowed"] is not null, told);
            }
        }
    }

    private static void Try(string target, List<byte[]> own, int seed)
    {
        byte[] damaged = Damaged(seed, own);
        (long began, long before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            FuzzTargets.All[target](damaged);
        }
#pragma warning disable CA1031 // Whatever it is, it is told with the seed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Assert.Fail($"SCHEMAGATE_TEST_SEED={seed}: {exception}\n{Mutator.Text(damaged)}");
        }

        (TimeSpan took, long bytes) = (Stopwatch.GetElapsedTime(began), GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(took < s_longest, $"SCHEMAGATE_TEST_SEED={seed}: it took {took}");
        Assert.True(bytes < MostBytes, $"SCHEMAGATE_TEST_SEED={seed}: it took {bytes} bytes");
    }

    private static byte[] Damaged(int seed, List<byte[]> own)
    {
        Random random = new(seed);
        return new Mutator(random).Damaged(own[random.Next(own.Count)], [.. s_corpus.Select(item => item.Content)]);
    }

    /// <summary><c>gate.json.2</c> is of <c>gate.json</c>.</summary>
    private static string Target(string file)
    {
        string name = Path.GetFileName(file);
        return int.TryParse(Path.GetExtension(name).TrimStart('.'), out _) ? Path.GetFileNameWithoutExtension(name) : name;
    }

    private int Seed()
    {
        string? again = Environment.GetEnvironmentVariable("SCHEMAGATE_TEST_SEED");
        int seed = again is null ? Random.Shared.Next() : int.Parse(again, CultureInfo.InvariantCulture);
        output.WriteLine($"SCHEMAGATE_TEST_SEED={seed} repeats it");
        return seed;
    }
}
