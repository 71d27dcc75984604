namespace SchemaGate.Core.Gates.Wording;

/// <summary>
/// What the API server, and with it the Deployment's condition and every deploy tool, says of a revision whose birth is refused. It is
/// read again where nothing else is on record: nobody has noted the hold yet, or nobody is there to note it.
/// </summary>
/// <param name="Reason">A constant of <see cref="Reasons"/>.</param>
/// <param name="Message">What is missing and what opens it.</param>
public sealed record BirthRefusal(string Reason, string Message)
{
    private const string Begin = "held by SchemaGate (";
    private const string End = "): ";

    public override string ToString() => Begin + Reason + End + Message;

    /// <param name="text">A refusal, with whatever others have put around it.</param>
    /// <returns>Null for one that is not of this form.</returns>
    public static BirthRefusal? Read(string text)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        string rest = begin < 0 ? "" : text[(begin + Begin.Length)..];
        int end = rest.IndexOf(End, StringComparison.Ordinal);
        return end > 0 ? new(rest[..end], rest[(end + End.Length)..]) : null;
    }
}
