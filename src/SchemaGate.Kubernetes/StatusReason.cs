namespace SchemaGate.Kubernetes;

/// <summary>What <see cref="KubernetesException.Reason"/> holds: metav1.StatusReason's values, and this project's own.</summary>
public static class StatusReason
{
    /// <summary>401: the server does not know who asks. Another credential is needed.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>403: the server knows who asks, and they may not. A role is needed.</summary>
    public const string Forbidden = "Forbidden";
    public const string NotFound = "NotFound";
    public const string AlreadyExists = "AlreadyExists";
    public const string Conflict = "Conflict";
    public const string Invalid = "Invalid";

    /// <summary>410: the resource version or continue token is too old.</summary>
    public const string Expired = "Expired";

    /// <summary>410, in the form that some watches report.</summary>
    public const string Gone = "Gone";
    public const string TooManyRequests = "TooManyRequests";
    public const string ServerTimeout = "ServerTimeout";

    /// <summary>The answer did not come in time; 504 by the server, or this client's own limit.</summary>
    public const string Timeout = "Timeout";
    public const string InternalError = "InternalError";
    public const string ServiceUnavailable = "ServiceUnavailable";

    /// <summary>No connection, or one that broke.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The answer is not what the API promises: not JSON, or not the expected shape.</summary>
    public const string MalformedResponse = "MalformedResponse";

    /// <summary>The answer is larger than this client reads.</summary>
    public const string TooLarge = "TooLarge";

    /// <summary>A kubeconfig, certificate or token file that cannot be used.</summary>
    public const string InvalidConfiguration = "InvalidConfiguration";

    /// <summary>Nothing was sent: a write of a <see cref="KubernetesClient.Fenced"/> client that may not write now.</summary>
    public const string NotLeading = "NotLeading";

    /// <summary>The program that a kubeconfig names for credentials gave none.</summary>
    public const string CredentialPluginFailed = "CredentialPluginFailed";

    /// <summary>An admission review that cannot be read.</summary>
    public const string InvalidReview = "InvalidReview";
}
