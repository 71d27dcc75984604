namespace SchemaGate.Tests;

/// <summary>
/// What measures time or memory, and what keeps all cores busy: nothing runs beside it. (A class's own DisableParallelization counts only
/// where every test runs beside every other, and here it is collections that do.)
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
