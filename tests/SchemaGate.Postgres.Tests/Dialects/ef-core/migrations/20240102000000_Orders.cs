using Microsoft.EntityFrameworkCore.Migrations;

namespace Shop.Migrations;

public partial class Orders : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable("Orders", table => new { Id = table.Column<int>() });
}
