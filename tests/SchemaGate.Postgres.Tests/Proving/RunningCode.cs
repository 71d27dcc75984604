using SchemaGate.Tests;

namespace SchemaGate.Postgres.Tests.Proving;

/// <summary>A shop's schema and its clients' statements, as Prisma, SQLAlchemy, Rails and people write them.</summary>
internal static class RunningCode
{
    public const string Schema = """
        CREATE TYPE status AS ENUM ('open', 'paid', 'void');
        CREATE TYPE "TicketStatus" AS ENUM ('NEW', 'DONE');
        CREATE DOMAIN amount AS numeric(12, 2) CHECK (VALUE >= 0);
        CREATE SEQUENCE invoice_no;
        CREATE TABLE users (
          id serial PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, name text, active boolean NOT NULL DEFAULT true,
          created timestamptz NOT NULL DEFAULT now(), settings jsonb NOT NULL DEFAULT '{}');
        CREATE TABLE products (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sku text NOT NULL UNIQUE, title text NOT NULL, price amount NOT NULL,
          tags text[] NOT NULL DEFAULT '{}', weight double precision);
        CREATE TABLE orders (
          id bigserial PRIMARY KEY, user_id integer NOT NULL REFERENCES users ON DELETE CASCADE, status status NOT NULL DEFAULT 'open',
          placed_at timestamptz NOT NULL DEFAULT now(), due date, note text, total numeric(10, 2) NOT NULL DEFAULT 0);
        CREATE INDEX orders_user ON orders (user_id);
        CREATE TABLE order_items (
          order_id bigint REFERENCES orders ON DELETE CASCADE, product_id uuid REFERENCES products, quantity integer NOT NULL,
          price numeric(10, 2) NOT NULL, PRIMARY KEY (order_id, product_id));
        CREATE TABLE audit (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), what text NOT NULL, who text);
        CREATE TABLE sessions (
          token char(32) PRIMARY KEY, user_id integer NOT NULL REFERENCES users, expires timestamptz NOT NULL, ip inet);
        CREATE TABLE "Ticket" (
          id text PRIMARY KEY, "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, title text NOT NULL,
          "status" "TicketStatus" NOT NULL DEFAULT 'NEW', "authorId" integer REFERENCES users);
        CREATE VIEW open_orders AS
          SELECT o.id, o.user_id, u.email, o.total FROM orders o JOIN users u ON u.id = o.user_id WHERE o.status = 'open';
        CREATE MATERIALIZED VIEW sales AS SELECT date_trunc('month', placed_at) AS month, sum(total) AS total FROM orders GROUP BY 1;
        CREATE FUNCTION order_total(bigint) RETURNS numeric LANGUAGE sql STABLE
          AS 'SELECT coalesce(sum(quantity * price), 0) FROM order_items WHERE order_id = $1';
        CREATE FUNCTION slug(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(replace(t, ' ', '-')); END $$;
        CREATE FUNCTION log_order() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO audit (what, who) VALUES ('order ' || NEW.id, NEW.note); RETURN NULL; END $$;
        CREATE TRIGGER log_order AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION log_order();
        """;

    /// <summary>Rows for the statements to find.</summary>
    public const string Rows = """
        INSERT INTO users (email, name) VALUES ('ann@example.com', 'Ann'), ('bob@example.com', 'Bob');
        INSERT INTO products (id, sku, title, price) VALUES ('00000000-0000-4000-8000-000000000000', 'A1', 'Apple', 1.5);
        INSERT INTO orders (user_id, total, note) VALUES (1, 3, 'x'), (2, 4, NULL);
        INSERT INTO order_items VALUES (1, '00000000-0000-4000-8000-000000000000', 2, 1.5);
        INSERT INTO sessions VALUES ('0123456789abcdef0123456789abcdef', 1, now() + interval '1 day', '10.0.0.1');
        INSERT INTO "Ticket" (id, title, "authorId") VALUES ('t1', 'Broken', 1);
        """;

    /// <summary>Each normalises to a shape of its own.</summary>
    public static IReadOnlyList<string> Statements { get; } = Read("statements.sql");

    /// <summary>Kinds of change that migrations make to the schema: harmless ones and others.</summary>
    public static IReadOnlyList<string> Changes { get; } = Read("changes.sql");

    /// <summary>Texts with blank lines between them, below headings.</summary>
    private static string[] Read(string file) =>
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "tests", "SchemaGate.Postgres.Tests", "Proving", file)).Split("\n\n")
            .Select(text => text.Trim()).Where(text => text.Length > 0 && !text.StartsWith("--", StringComparison.Ordinal)),
    ];
}
