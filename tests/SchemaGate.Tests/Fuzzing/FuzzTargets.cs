using System.Text.Json;
using k8s.Models;
using SchemaGate.Api;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Core.Gates.Running;
using SchemaGate.Core.Migrations;
using SchemaGate.Evidence;
using SchemaGate.Kubernetes.Manifests;
using SchemaGate.Kubernetes.Resources;
using SchemaGate.Oci;
using SchemaGate.Operator;
using SchemaGate.Operator.Running;
using SchemaGate.Operator.Serving;
using SchemaGate.Postgres.Connections;
using SchemaGate.Postgres.Parsing;
using SchemaGate.Tests.Gates;
using TarReader = SchemaGate.Oci.Tar.TarReader;

namespace SchemaGate.Tests.Fuzzing;

/// <summary>
/// Who reads what tenants write, by the file of the corpus that it begins with. Each throws nothing but what its documentation names, and
/// asserts that what it could not make sense of opens nothing.
/// </summary>
internal static class FuzzTargets
{
    /// <summary>In the corpus's URL and logins; said to nobody.</summary>
    private const string Password = "hunter2";

    private static readonly SealKey s_key = new(new byte[32]);
    private static readonly WorkloadReader s_reader = new(s_key);

    private static readonly Release s_release = new(
        "shop", "x:1", "sha256:1", "m2", "7/shop/public", DateTimeOffset.UnixEpoch, Reasons.Satisfied);

    private static readonly Approval s_approval = new("plan", "jane", DateTimeOffset.UnixEpoch);

    private static readonly Override s_override = new("x:1", "because", "jane", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

    /// <summary>What is made, and not kept as a file.</summary>
    public static IReadOnlyDictionary<string, string> Made { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["released"] = s_key.Seal.Write("shop", new("t", [s_release])),
        ["approval"] = s_key.Claims.Write("g", s_approval),
        ["override"] = s_key.Claims.Write("g", s_override),
    };

    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["gate.json"] = Gate,
        ["deployment.json"] = Deployments,
        ["statefulset.json"] = json => Read(PodSet.StatefulSets, json, set => Judged(s_reader.Read(set))),
        ["replicaset.json"] = json => Read(ReplicaSet.Resource, json, set => Judged(s_reader.ReadBirth(set))),
        ["controllerrevision.json"] = json => Read(ControllerRevision.Resource, json, revision => s_reader.Read(revision)),
        ["pod.json"] = Pods,
        ["secret.json"] = Secret,
        ["changelog.md"] = text => ChangelogParser.Parse(Mutator.Text(text)),
        ["migration.sql"] = Migrations,
        ["layer.tar"] = Layer,
        ["image.json"] = FuzzedImages.Manifest,
        ["image.tar"] = FuzzedImages.Layer,
        ["image.packed"] = FuzzedImages.Packed,
        ["image.forged"] = FuzzedImages.Forged,
        ["signature.bundle"] = FuzzedSignatures.Bundle,
        ["signature.payload"] = FuzzedSignatures.Payload,
        ["keys.pem"] = FuzzedSignatures.Keys,
        ["history.rows"] = FuzzedHistories.Rows,
        ["history.txt"] = FuzzedHistories.Lines,
        ["requires.txt"] = Requires,
        ["reference.txt"] = text => Assert.True(
            !ImageReference.TryParse(Mutator.Text(text), out ImageReference? reference, out _)
            || ImageReference.TryParse(reference.ToString(), out _, out _)),
        ["url.txt"] = text => Quiet(DatabaseUrl.TryParse(
            Mutator.Text(text), out _, out string? problem, DatabaseUrlOptions.Operator) ? null : problem),
        ["logins.json"] = text => Quiet(ImageProblems.OfLogins(Mutator.Text(text))),
        ["report.json"] = text => RunReport.FromJson(Mutator.Text(text)),
        ["hold.json"] = text => Hold.FromJson(Mutator.Text(text)),
        ["manifest.yaml"] = text => Assert.All((bool[])[false, true], isJson => Assert.All(
            ManifestContent.Read(Mutator.Text(text), isJson).Objects, one => OptInReader.Read(one.Content))),
        ["released"] = text => Genuine(s_key.Seal.Read("shop", Mutator.Text(text), "t")?.Releases.Single(), s_release),
        ["approval"] = text => Genuine(s_key.Claims.Approval("g", Mutator.Text(text)), s_approval),
        ["override"] = text => Genuine(s_key.Claims.Override("g", Mutator.Text(text)), s_override),
    };

    private static void Gate(byte[] json) => Read(SchemaGateResource.Resource, json, gate =>
    {
        (GateSpec spec, IReadOnlyList<string> problems) = GateAdmission.Read(gate);
        _ = (StatusMapping.Standing(gate), StatusMapping.Released(gate), AskedMapping.Requirements(gate).Count());
        RunRecord run = RunMapping.Record(gate.Status?.Run) ?? new("j", "p", "s", 1, 0);
        Assert.True(s_key.Override(gate) is null && s_key.Loosened(gate) is null);
        if (problems.Count > 0)
        {
            Assert.NotEqual(Verdict.Open, GateDecision.Decide(Given.Input(2, 2) with { Spec = spec, SpecProblems = problems }).Verdict);
        }
        else if (gate.Metadata is { Uid: not null, NamespaceProperty: not null })
        {
            JobManifest.Of(gate, spec, run, Given.Digest, Given.Identity, new("schemagate:1", null));
        }
    });

    private static void Deployments(byte[] json)
    {
        Read(Deployment.Resource, json, deployment => Judged(s_reader.Read(deployment)));
        Read(Deployment.Rollouts, json, deployment => Judged(s_reader.Read(deployment)));
        Read(RawObject.Resource("apps", "v1", "Deployment", "deployments", namespaced: true), json, value =>
        {
            RolloutProgress.Of("Deployment", value.Content);
            RolloutProgress.Of("StatefulSet", value.Content);
            OptInReader.Read(value.Content);
        });
    }

    private static void Pods(byte[] json)
    {
        Read(Pod.Resource, json, pod => Judged(WorkloadReader.ReadPod(pod)));
        Read(Kinds.Pod, json, pod => _ = (PodStory.Report([pod], RunReport.FromJson), PodStory.Trouble([pod])));
    }

    private static void Secret(byte[] json) => Read(Kinds.Secret, json, secret =>
    {
        CertificateSet set = CertificateSet.Read(secret);
        new UnaskedTimes().Follow(set.Unasked);
        Assert.All(set.Paths.Known, path => Assert.True(AdmissionPaths.IsSecret(path.Secret)));
    });

    private static void Migrations(byte[] sql)
    {
        foreach (string file in (string[])["1_a/migration.sql", "V1__a.sql", "1_a.up.sql", "changelog.xml"])
        {
            _ = MigrationSet.Read([new(file, sql)]);
        }

        StatementReader.Read(Mutator.Text(sql));
    }

    private static void Layer(byte[] tar)
    {
        MemoryStream stream = new(tar);
        TarReader reader = new(buffer => ValueTask.FromResult(stream.Read(buffer.Span)));
        try
        {
            while (reader.NextAsync().AsTask().GetAwaiter().GetResult() is not null)
            {
                // The next.
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            // As it says.
        }
    }

    private static void Requires(byte[] text)
    {
        IReadOnlyList<Requirement> requirements = Requirement.Parse(Mutator.Text(text), out string? problem);
        Assert.Equal(problem is null, requirements.Count > 0);
        Assert.Equal(requirements, Requirement.Parse(string.Join(',', requirements), out _));
    }

    /// <summary>Nothing is released, so nothing that is gated passes.</summary>
    private static void Judged(Workload workload)
    {
        if (workload.Gated)
        {
            Assert.IsNotType<HoldOutcome.Pass>(HoldDecision.Decide(workload, [], _ => null));
        }
    }

    /// <summary>As a cache reads it: of what cannot be read there is nothing but the reason.</summary>
    private static void Read<T>(ResourceType<T> type, byte[] json, Action<T> use)
        where T : class, IMetadata<V1ObjectMeta>
    {
        (T? value, UnreadObject? unread) = ListReading.One(type, json);
        Assert.True(value is null != unread is null);
        if (value is not null)
        {
            use(value);
        }
    }

    private static void Quiet(string? problem) => Assert.DoesNotContain(Password, problem ?? "", StringComparison.Ordinal);

    /// <summary>What was damaged proves what it proved before, or nothing.</summary>
    private static void Genuine<T>(T? read, T written)
        where T : class => Assert.True(read is null || JsonSerializer.Serialize(read) == JsonSerializer.Serialize(written));
}
