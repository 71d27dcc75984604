using System.CommandLine;
using System.Text.Json.Nodes;
using SchemaGate.Cli.Completing;
using SchemaGate.Core.Gates;
using SchemaGate.Kubernetes.Resources;

namespace SchemaGate.Cli;

/// <summary>The one gate that a command is about.</summary>
internal static class GateArgument
{
    public static Argument<string> Argument { get; } = Create();

    public static MergePatch Annotate(string annotation, string value) =>
        new(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } });

    private static Argument<string> Create()
    {
        Argument<string> gate = new("GATE") { Description = "The gate's name.", CompletionSources = { ClusterNames.Gates } };
        gate.Validators.Add(result =>
        {
            if (!Requirement.IsName(result.Tokens[0].Value))
            {
                result.AddError("GATE is a gate's name.");
            }
        });
        return gate;
    }
}
