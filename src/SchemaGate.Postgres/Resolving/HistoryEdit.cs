using SchemaGate.Core.Databases;
using SchemaGate.Core.Migrations;

namespace SchemaGate.Postgres.Resolving;

/// <summary>One change of the history table.</summary>
internal abstract record HistoryEdit
{
    private HistoryEdit()
    {
    }

    /// <summary>A new row that is finished as it begins.</summary>
    public sealed record Insert(Migration Migration) : HistoryEdit;

    /// <summary>An unfinished row is marked as rolled back.</summary>
    public sealed record RollBack(HistoryRow Row) : HistoryEdit;

    /// <summary>An applied row gets the file's checksum.</summary>
    public sealed record SetChecksum(HistoryRow Row, MigrationChecksum Checksum) : HistoryEdit;
}
