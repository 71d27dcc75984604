namespace SchemaGate.Oci.Registries;

/// <summary>One way to log in that a server offers: <c>Bearer realm="https://…",service="…"</c> (RFC 9110, 11.6.1).</summary>
/// <param name="Scheme">As it was sent; compared without case.</param>
/// <param name="Parameters">By name, without case; of a name that occurs twice the first.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>All challenges of a response. From where a header stops making sense, the rest of it is ignored.</summary>
    public static IReadOnlyList<Challenge> Read(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values)
            ? [.. values.SelectMany(value => ChallengeReader.Read(value))] : [];
}
