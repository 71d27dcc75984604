namespace SchemaGate.Core.Gates.Notifying;

/// <summary>Who is told that a gate has opened. Everything that a Secret holds is read when it is sent, and kept nowhere.</summary>
/// <param name="Url">Where to, in the spec itself; null where a Secret holds it.</param>
/// <param name="UrlFrom">The Secret that holds it; null where the spec does.</param>
/// <param name="SigningKeysFrom">The Secret with the keys that sign, one in a line.</param>
public sealed record NotifySettings(string? Url, SecretKeyName? UrlFrom, SecretKeyName SigningKeysFrom)
{
    /// <summary>The Secret with certificates that the receiver may be signed by, beside the system's; null for none.</summary>
    public SecretKeyName? AuthoritiesFrom { get; init; }

    /// <summary>What the owner calls the environment; null where nobody has named it.</summary>
    public string? Environment { get; init; }

    /// <summary>What is wrong with all this, one sentence each; then nobody is told. It is refused when it is written, and closes no gate
    /// where it was written nevertheless.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What is wrong with a receiver's address, as the end of a sentence that quotes nothing of it; null where nothing is.
    /// </summary>
    public static string? UrlProblem(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0
            && url.Fragment.Length == 0
            ? null
            : "must be an https:// address without a user, a password or a fragment";

    /// <summary>Every Secret, each with the field that names it.</summary>
    public IEnumerable<(string Field, string Name)> Secrets =>
        from secret in ((string Field, SecretKeyName? Name)[])
        [
            ("urlFrom", UrlFrom), ("signingKeysFrom", SigningKeysFrom), ("authoritiesFrom", AuthoritiesFrom),
        ]
        where secret.Name is not null
        select ($"spec.notify.{secret.Field}.name", secret.Name.Name);
}

/// <summary>A key of a Secret of the gate's own namespace.</summary>
public sealed record SecretKeyName(string Name, string Key);
