using System.Text;

namespace SchemaGate.Kubernetes.Http;

internal static class Query
{
    /// <summary>"?a=1&amp;b=2" of the pairs that have a value; "" where none has.</summary>
    public static string Of(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
