using SchemaGate.Core.Databases;

namespace SchemaGate.Core.Gates.Running;

/// <summary>Why no Job can apply a gate's migrations.</summary>
public abstract record RunObstacle
{
    private RunObstacle()
    {
    }

    /// <summary>This operator can run nothing, and says why itself.</summary>
    public sealed record OfOperator(string Cause) : RunObstacle;

    /// <summary>SchemaGate's own runner writes Prisma's history only.</summary>
    public sealed record OtherTool(MigrationTool Tool) : RunObstacle;
}
