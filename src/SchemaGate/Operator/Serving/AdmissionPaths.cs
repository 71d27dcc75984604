using System.Globalization;
using System.Security.Cryptography;

namespace SchemaGate.Operator.Serving;

/// <summary>A secret part of the webhooks' paths.</summary>
/// <param name="Secret">64 hexadecimal digits.</param>
/// <param name="MadeAt">When it was stored: from then on every replica learns it.</param>
/// <param name="RegisteredAt">When every webhook was seen to be registered with it; null where that was not so yet.</param>
internal sealed record AdmissionPath(string Secret, DateTimeOffset MadeAt, DateTimeOffset? RegisteredAt);

/// <summary>
/// The secret parts of the paths at which the webhooks answer, the newest first. Only who reads the webhooks' configuration knows them:
/// the API server. It names a path in the error that whoever writes is shown while a webhook does not answer, so a path is renewed
/// every day: more often would cost each API server, which keeps a connection's settings for every path, memory. It is known by every
/// replica before it is registered, and for long after it is registered no more: one of several API servers may hear of that late.
/// </summary>
internal sealed record AdmissionPaths(IReadOnlyList<AdmissionPath> Known)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>How long the one before is answered at.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private const int Bytes = 32;
    private const int Most = 3;

    public static AdmissionPaths None { get; } = new([]);

    public static bool IsSecret(string? text) => text is { Length: 2 * Bytes } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>What cannot be read is absent.</summary>
    public static AdmissionPaths Read(string text) =>
        new([.. text.Split('\n').Select(ReadLine).OfType<AdmissionPath>().Take(Most)]);

    public override string ToString() => string.Concat(Known.Select(path => string.Create(
        CultureInfo.InvariantCulture,
        $"{path.Secret} {path.MadeAt.ToUnixTimeSeconds()} {path.RegisteredAt?.ToUnixTimeSeconds()}\n")));

    /// <summary>What is to be stored: the same where nothing is to be done.</summary>
    /// <param name="registered">Every secret that a webhook is registered with; one that is no secret stands for all that is not.</param>
    /// <param name="now">The time.</param>
    public AdmissionPaths Next(IReadOnlyList<string> registered, DateTimeOffset now)
    {
        if (Known is not [{ } newest, ..] || newest.RegisteredAt is { } since && now - since >= Lifetime)
        {
            // The API server goes on asking at what is registered, also where the Secret is lost.
            IEnumerable<AdmissionPath> earlier = Known.Concat(registered.Where(IsSecret)
                .Except(Known.Select(path => path.Secret), StringComparer.Ordinal)
                .Select(secret => new AdmissionPath(secret, now, null)));
            string made = RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);
            return new([new(made, now, null), .. earlier.Take(Most - 1)]);
        }

        bool isRegistered = registered.Count == 1 && registered[0] == newest.Secret;
        if (isRegistered && newest.RegisteredAt is null)
        {
            return new([newest with { RegisteredAt = now }, .. Known.Skip(1)]);
        }

        return isRegistered && Known.Count > 1 && now - newest.RegisteredAt >= Remembered ? new([newest]) : this;
    }

    /// <summary>The secret to register: the newest that every replica knows by now; null where there is none.</summary>
    public string? ToRegister(DateTimeOffset now) => Known switch
    {
        [] => null,
        [.., { } earliest] => (Known.FirstOrDefault(path => now - path.MadeAt >= CertificatePlan.Propagation) ?? earliest).Secret,
    };

    private static AdmissionPath? ReadLine(string line) =>
        line.Split(' ') is [{ } secret, { } made, { } registered] && IsSecret(secret) && Seconds(made) is { } at
            ? new(secret, at, Seconds(registered))
            : null;

    private static DateTimeOffset? Seconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= uint.MaxValue
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
