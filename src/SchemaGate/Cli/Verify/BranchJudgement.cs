using System.CommandLine;
using SchemaGate.Core;
using SchemaGate.Core.Branches;
using SchemaGate.Core.Changelogs;
using SchemaGate.Core.Gates;
using SchemaGate.Evidence;

namespace SchemaGate.Cli.Verify;

/// <summary>Says what is wrong with what a branch adds.</summary>
internal static class BranchJudgement
{
    /// <summary>A reason of verify's own: the branch adds what it should not.</summary>
    private const string Refused = "BranchRefused";

    public static async Task<VerifyReport> OfAsync(
        ParseResult arguments, Checkout checkout, ChangelogSource changelog, string revision, TimeProvider time,
        CancellationToken cancellation)
    {
        if (arguments.GetValue(VerifyCommand.Document) == "-")
        {
            throw new UsageException("--document - does not go with --changed-since: git is asked what the document was.");
        }

        ChangelogFiles files = ChangelogFiles.Of(changelog);
        BranchSource source = new(
            checkout.Root, revision, files, SchemaFiles.Of(BranchOptions.SchemaOf(arguments, checkout), files.Migrations),
            HasDocument: !NoChangelog.IsAsked(arguments))
        {
            Shown = checkout.Shown,
            AreMigrationsGiven = arguments.GetResult(Checkout.Migrations) is { Implicit: false },
        };
        return await new BranchEvidence(source, time).ReadAsync(cancellation) switch
        {
            Evidence<BranchReading>.Found { Value: var reading } =>
                Report(reading, BranchDecision.Judge(reading.Facts, PolicyOptions.OfBranch(arguments)), checkout),
            Evidence<BranchReading>.Missing { Reason: var reason, Message: var message } =>
                new(nameof(Verdict.Unknown), reason, message, checkout.Root, null, null, [], [], null, null, [], []),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static VerifyReport Report(BranchReading reading, IReadOnlyList<BranchFinding> findings, Checkout checkout)
    {
        BranchFacts facts = reading.Facts;
        BranchLine branch = new(
            facts.Revision, reading.Revision, reading.Origin, [.. facts.Added.Select(migration => migration.Name)]);
        int blocking = findings.Count(finding => finding.Severity == FindingSeverity.Blocking);
        bool isOpen = blocking == 0;
        Changelog document = facts.Here.Document ?? new([], []);
        return new(
            isOpen ? nameof(Verdict.Open) : nameof(Verdict.Blocked),
            isOpen ? Reasons.Open : Refused,
            Message(facts, blocking),
            checkout.Root,
            ChangelogLine.Of(new("", null, reading.Document ?? "", document, facts.Here.Migrations), facts.MigrationsPath),
            Database: null,
            [],
            [.. findings.Select(FindingLine.Of)],
            Migrations: null,
            Plan: null,
            facts.Here.Migrations.Notes,
            [])
        {
            Branch = branch,
        };
    }

    private static string Message(BranchFacts facts, int blocking) => (blocking, facts.Added.Count) switch
    {
        (0, 0) => $"Nothing stands against what this branch adds to {facts.Revision}: no migration, and nothing that needs one.",
        (0, 1) => $"Nothing stands against what this branch adds to {facts.Revision}: 1 migration.",
        (0, var count) => $"Nothing stands against what this branch adds to {facts.Revision}: {count} migrations.",
        (1, _) => $"1 finding stands against what this branch adds to {facts.Revision}.",
        (var count, _) => $"{count} findings stand against what this branch adds to {facts.Revision}.",
    };
}
