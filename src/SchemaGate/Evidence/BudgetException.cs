using SchemaGate.Core;

namespace SchemaGate.Evidence;

/// <summary>A reading did not get the memory that it needs.</summary>
/// <param name="isTooLarge">Whether it never will.</param>
/// <param name="message">Why, as the end of a sentence without its full stop.</param>
internal sealed class BudgetException(bool isTooLarge, string message) : Exception(message)
{
    /// <param name="what">The sentence's beginning.</param>
    /// <param name="missing">The reason where it never gets it.</param>
    /// <param name="unreachable">The reason where it only has to wait.</param>
    public Evidence<T> Evidence<T>(string what, string missing, string unreachable) => isTooLarge
        ? new Evidence<T>.Missing(missing, $"{what}: {Message}.")
        : new Evidence<T>.Unreachable(unreachable, $"{what}: {Message}.");
}
