namespace SchemaGate.Core;

/// <summary>One witness as read now. What cannot be read is a value, not an exception: it must be judged, too.</summary>
public abstract record Evidence<T>
{
    private Evidence()
    {
    }

    /// <summary>The witness was read.</summary>
    public sealed record Found(T Value) : Evidence<T>;

    /// <summary>The witness answered that what was asked for is not there, or is not usable.</summary>
    /// <param name="Reason">A documented reason constant.</param>
    /// <param name="Message">One sentence with the next step; never a credential.</param>
    public sealed record Missing(string Reason, string Message) : Evidence<T>;

    /// <summary>The witness could not be asked.</summary>
    /// <param name="Reason">A documented reason constant.</param>
    /// <param name="Message">One sentence with the next step; never a credential.</param>
    public sealed record Unreachable(string Reason, string Message) : Evidence<T>;
}
