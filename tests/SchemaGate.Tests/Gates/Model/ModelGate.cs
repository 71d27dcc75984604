using SchemaGate.Core;
using SchemaGate.Core.Databases;
using SchemaGate.Core.Gates;

namespace SchemaGate.Tests.Gates.Model;

/// <summary>The gate as its status has it: what admission goes by.</summary>
internal sealed class ModelGate
{
    /// <summary>Null until the database was read once.</summary>
    public string? Identity { get; private set; }

    public IReadOnlyList<Release> Released { get; private set; } = [];

    /// <summary>The template whose version the gate's own image is of.</summary>
    public int Image { get; set; }

    /// <summary>The template that was refused, to be judged all the same; null for none.</summary>
    public int? Asked { get; set; }

    public int Version { get; private set; }

    public GateView View => new("shop", Identity, Enforcement.Hold, Suspend: false, PolicyMode.Block) { Released = Released };

    public GateStanding Standing => new(
        View, ModelVersions.Value(Image), Current: true, Verdict.Open, Reason: null, Message: null, Digest: null, Through: null, Released);

    /// <summary>What its list is to be: what is released by now, and whatever a live revision rests on.</summary>
    public IReadOnlyList<Release> ReleasedWith(
        IEnumerable<RevisionRecord?> records, IEnumerable<RequirementOutcome?> outcomes, DatabaseState? state)
    {
        List<Release> live = [.. records.OfType<RevisionRecord>().SelectMany(record => record.Releases)
            .Select(release => release.Beside(state))];
        return ReleasedList.Of(
            Released.Concat(outcomes.OfType<RequirementOutcome.Satisfied>().Select(outcome => outcome.Release))
                .Select(release => release.Beside(state)),
            live);
    }

    /// <summary>A write of what a look found, which lands where nothing else was written since.</summary>
    /// <returns>Whether anything was written.</returns>
    public bool Write(int version, string? identity, IReadOnlyList<Release> released)
    {
        if (version != Version || (identity == Identity && released.SequenceEqual(Released)))
        {
            return false;
        }

        (Identity, Released) = (identity, released);
        Version++;
        return true;
    }
}
