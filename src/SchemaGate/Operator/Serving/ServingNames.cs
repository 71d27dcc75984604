using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace SchemaGate.Operator.Serving;

/// <summary>The DNS names and addresses under which the webhooks are reached.</summary>
internal sealed record ServingNames(IReadOnlyList<string> Hosts)
{
    /// <summary>A Service's names, the one that the API server verifies first.</summary>
    public static ServingNames OfService(string name, string ns)
        => new([$"{name}.{ns}.svc", $"{name}.{ns}.svc.cluster.local", $"{name}.{ns}", name]);

    public bool AreIn(X509Certificate2 certificate) => Hosts.All(host => certificate.MatchesHostname(host, allowWildcards: false));

    public X509Extension ToExtension()
    {
        SubjectAlternativeNameBuilder names = new();
        foreach (string host in Hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
