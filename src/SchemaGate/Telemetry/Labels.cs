namespace SchemaGate.Telemetry;

/// <summary>By what series are told apart. Each has a bound that no tenant can move.</summary>
internal static class Labels
{
    /// <summary>So many gates have series of their own.</summary>
    public const int MostGates = 1000;

    /// <summary>So many namespaces are listed in which something waits for a gate that is not there.</summary>
    public const int MostNamespaces = 100;

    public static readonly Label Namespace = new(
        "k8s.namespace.name", "the namespaces of the 1,000 gates that are listed, those that are not open first; the rest is counted");

    public static readonly Label WaitingNamespace = new(
        "k8s.namespace.name", "the 100 namespaces in which something has waited longest for a gate that is not there");

    public static readonly Label Gate = new("schemagate.gate.name", "the names of the same gates");

    public static readonly Label Verdict = new("schemagate.verdict", "`Open`, `Blocked`, `Migrating`, `Unknown`");

    public static readonly Label Reason = new(
        "schemagate.reason", "SchemaGate's reasons, which `schemagate explain REASON` explains; `Other` for anything else");

    public static readonly Label Opener = new(
        "schemagate.opener",
        "who can open it: `author`, `owner`, `runner`, `approver`, `database`, `platform`; `nobody` where it opens by itself, or is open");

    public static readonly Label Condition = new("schemagate.condition", "the fifteen types of a gate's conditions");

    public static readonly Label Status = new("schemagate.status", "`True`, `False`, `Unknown`");

    public static readonly Label State = new("schemagate.migration.state", "`applied`, `pending`, `failed`");

    public static readonly Label Kind = new(
        "schemagate.kind", "the kinds that can be held, in small letters: `deployment`, `rollout`, `statefulset`, `daemonset`, `pod`");

    public static readonly Label UnreadKind = new("schemagate.kind", "the ten kinds that the operator follows");

    public static readonly Label RunResult = new("schemagate.run.result", "`Succeeded`, `Failed`, `Canceled`");

    public static readonly Label RunError = new("error.type", "the class of a failure: `Transient`, `Permanent`, `Unknown`; else absent");

    public static readonly Label RehearsalResult = new(
        "schemagate.rehearsal.result", "`Passed`, `Failed`, `Canceled`; `Unavailable` where nothing could be rehearsed");

    public static readonly Label NotifyResult = new(
        "schemagate.notify.result",
        "`Told`; `Failed` where it is tried again; `Refused` where it is not; `Unready` where nothing could be sent");

    public static readonly Label Witness = new(
        "schemagate.witness",
        "`changelog`: the image; `database`: its history, and the sessions that a contract waits for; `schema`: its catalog; "
            + "`runner`: the Job of a run or a rehearsal");

    public static readonly Label Evidence = new("schemagate.evidence", "`Found`, `Missing`, `Unreachable`");

    public static readonly Label EvidenceError = new(
        "error.type", "the reason of what was not found, such as `DatabaseUnreachable`; else absent");

    public static readonly Label Hook = new("schemagate.admission.hook", "the nine webhooks, by their paths");

    public static readonly Label Admission = new(
        "schemagate.admission.result", "`Allowed`, `Refused`; `Failed` where nothing could be answered");

    public static readonly Label Exception = new("error.type", "the type of an exception of .NET or of SchemaGate; else absent");

    public static readonly Label Resource = new("schemagate.resource", "the ten types that the operator follows, in the plural");

    public static readonly Label Version = new("service.version", "one: this build's");
}
