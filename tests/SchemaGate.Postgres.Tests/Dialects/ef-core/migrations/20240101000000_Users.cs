using Microsoft.EntityFrameworkCore.Migrations;

namespace Shop.Migrations;

public partial class Users : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateTable("Users", table => new { Id = table.Column<int>() });
}
