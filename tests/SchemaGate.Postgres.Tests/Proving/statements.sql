-- Prisma

SELECT "public"."users"."id", "public"."users"."email", "public"."users"."name" FROM "public"."users" WHERE ("public"."users"."id" =
1 AND 1=1) LIMIT 1 OFFSET 0

SELECT "public"."Ticket"."id", "public"."Ticket"."createdAt", "public"."Ticket"."status"::text FROM "public"."Ticket" WHERE
"public"."Ticket"."status" = CAST('NEW'::text AS "public"."TicketStatus") ORDER BY "public"."Ticket"."createdAt" DESC LIMIT 20
OFFSET 0

INSERT INTO "public"."Ticket" ("id","createdAt","title","status","authorId") VALUES ('t2','2024-01-01
00:00:00','Help',CAST('NEW'::text AS "public"."TicketStatus"),1) RETURNING "public"."Ticket"."id"

UPDATE "public"."Ticket" SET "title" = 'Mended', "status" = CAST('DONE'::text AS "public"."TicketStatus") WHERE
("public"."Ticket"."id" = 't1' AND 1=1) RETURNING "public"."Ticket"."id", "public"."Ticket"."title"

DELETE FROM "public"."Ticket" WHERE ("public"."Ticket"."id" IN ('t1','t3') AND 1=1)

SELECT COUNT(*) FROM (SELECT "public"."orders"."id" FROM "public"."orders" WHERE "public"."orders"."user_id" = 1 OFFSET 0) AS "sub"

SELECT "public"."orders"."id", "public"."orders"."status"::text, "public"."orders"."total" FROM "public"."orders" WHERE
("public"."orders"."user_id") IN (SELECT "t1"."id" FROM "public"."users" AS "t1" WHERE ("t1"."email" ILIKE '%example%' AND "t1"."id"
IS NOT NULL)) ORDER BY "public"."orders"."id" ASC OFFSET 0

INSERT INTO "public"."sessions" ("token","user_id","expires") VALUES ('fedcba9876543210fedcba9876543210',1,'2030-01-01 00:00:00+00')
ON CONFLICT ("token") DO UPDATE SET "expires" = '2030-01-02 00:00:00+00' WHERE ("public"."sessions"."user_id" = 1 AND 1=1) RETURNING
"public"."sessions"."token"

SELECT SUM("total") AS "_sum", "status"::text FROM (SELECT "public"."orders"."total", "public"."orders"."status" FROM
"public"."orders" WHERE 1=1 OFFSET 0) AS "sub" GROUP BY "status"

SELECT "t1"."id", "t1"."user_id" AS "userId", "j"."data" FROM "public"."orders" AS "t1" LEFT JOIN LATERAL (SELECT
JSONB_BUILD_OBJECT('id', "t2"."id", 'email', "t2"."email") AS "data" FROM "public"."users" AS "t2" WHERE "t1"."user_id" = "t2"."id"
LIMIT 1) AS "j" ON TRUE LIMIT 10

-- SQLAlchemy

SELECT users.id, users.email, users.active, users.created, users.settings  FROM users  WHERE users.email = 'ann@example.com' AND
users.active IS true

INSERT INTO users (email, name, active) VALUES ('eve@example.com', 'Eve', true) RETURNING users.id

UPDATE users SET name='Anne', settings='{}'::JSONB WHERE users.id = 1

SELECT orders.id AS orders_id, anon_1.n AS n FROM orders LEFT OUTER JOIN (SELECT order_items.order_id AS order_id,
count(order_items.product_id) AS n FROM order_items GROUP BY order_items.order_id) AS anon_1 ON orders.id = anon_1.order_id ORDER BY
orders.placed_at DESC   LIMIT 5

SELECT EXISTS (SELECT 1 FROM products WHERE products.sku = 'A1') AS anon_1

DELETE FROM sessions WHERE sessions.expires < '2020-01-01 00:00:00+00'::timestamptz

SELECT products.id, products.title, products.price * 1.2 AS gross FROM products WHERE products.tags @> ARRAY['fresh']::TEXT[]

INSERT INTO products (sku, title, price, tags) VALUES ('B2', 'Bun', 2, '{}'), ('C3', 'Cake', 3, '{}')

INSERT INTO audit (what, who) SELECT 'login', users.email FROM users WHERE users.id = 1

SELECT coalesce(users.name, users.email) AS label, row_number() OVER (PARTITION BY users.active ORDER BY users.created) AS n FROM
users

-- Rails

SELECT "users".* FROM "users" WHERE "users"."email" = 'bob@example.com' LIMIT 1

SELECT 1 AS one FROM "orders" WHERE "orders"."user_id" = 2 AND "orders"."due" > '2024-01-01' LIMIT 1

INSERT INTO "orders" ("user_id", "status", "placed_at", "total") VALUES (1, 'open', '2024-05-01 10:00:00', 12.5) RETURNING "id"

UPDATE "orders" SET "status" = 'paid', "note" = 'done' WHERE "orders"."id" = 1

DELETE FROM "order_items" WHERE "order_items"."order_id" = 1 AND "order_items"."quantity" >= 1

SELECT "orders".* FROM "orders" INNER JOIN "users" ON "users"."id" = "orders"."user_id" WHERE "users"."active" = TRUE ORDER BY
"orders"."total" DESC

SELECT COUNT(DISTINCT "orders"."user_id") FROM "orders" WHERE "orders"."placed_at" BETWEEN '2024-01-01' AND '2025-01-01'

SELECT "users"."id", "users"."name" FROM "users" WHERE "users"."id" IN (1, 2, 3) ORDER BY "users"."name" ASC

SELECT "products"."title" FROM "products" WHERE "products"."weight" > 0.5 OR "products"."weight" IS NULL

SELECT pg_advisory_xact_lock(42), "users"."id" FROM "users" WHERE "users"."id" = 1 FOR UPDATE

-- By hand

SELECT * FROM open_orders WHERE user_id = 1

SELECT month, total FROM sales ORDER BY month DESC LIMIT 12

SELECT id, order_total(id) FROM orders WHERE id = 1

SELECT slug(title) FROM products WHERE slug(title) = 'apple'

SELECT nextval('invoice_no')

SELECT date_trunc('day', placed_at) AS day, sum(total) FROM orders GROUP BY date_trunc('day', placed_at) ORDER BY 1

SELECT extract(year FROM placed_at) AS y, count(*) FROM orders GROUP BY 1

SELECT id FROM orders WHERE placed_at > now() - interval '30 days' AND due IS DISTINCT FROM date '2024-02-02'

SELECT id FROM orders WHERE placed_at >= timestamp with time zone '2024-01-01' AT TIME ZONE 'UTC'

INSERT INTO order_items VALUES (2, '00000000-0000-4000-8000-000000000000', 1, 1.5)

INSERT INTO users VALUES (DEFAULT, 'zoe@example.com', 'Zoe')

INSERT INTO products (sku, title, price) VALUES ('A1', 'Apple', 1) ON CONFLICT (sku) DO UPDATE SET price = EXCLUDED.price

INSERT INTO users (email) VALUES ('ann@example.com') ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING

INSERT INTO orders (user_id, total) VALUES (1, 1)

INSERT INTO audit (what) VALUES ('ping')

WITH gone AS (DELETE FROM sessions WHERE user_id = 1 RETURNING token, user_id) SELECT count(*) FROM gone

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, (SELECT count(*) FROM orders WHERE id = i)
FROM n

UPDATE orders o SET total = s.sum FROM (SELECT order_id, sum(quantity * price) FROM order_items GROUP BY order_id) s WHERE
s.order_id = o.id

UPDATE products SET price = price * 1.1, tags = array_append(tags, 'sale') WHERE sku LIKE 'A%'

UPDATE users SET settings = jsonb_set(settings, '{theme}', '"dark"') WHERE settings ->> 'theme' IS NULL

SELECT settings -> 'a' ->> 'b', settings @> '{"x": 1}' FROM users WHERE settings ? 'x'

SELECT u.email, o.id, i.quantity, p.title FROM users u JOIN orders o ON o.user_id = u.id JOIN order_items i ON i.order_id = o.id
JOIN products p ON p.id = i.product_id WHERE o.status = 'open'

SELECT CASE WHEN total > 100 THEN 'big' WHEN total > 10 THEN 'middle' ELSE 'small' END AS size, count(*) FROM orders GROUP BY 1

SELECT concat(name, ' <', email, '>'), format('%s', name), jsonb_build_object('id', id, 'at', created) FROM users

SELECT host(ip), count(*) FROM sessions WHERE ip << inet '10.0.0.0/8' GROUP BY ip

SELECT status, array_agg(id ORDER BY placed_at), string_agg(note, ', ') FROM orders GROUP BY status HAVING count(*) > 0

SELECT title FROM products WHERE to_tsvector('simple', title) @@ plainto_tsquery('simple', 'apple')

SELECT g.day, count(o.id) FROM generate_series(timestamptz '2024-01-01', '2024-01-03', interval '1 day') g(day) LEFT JOIN orders o
ON o.placed_at::date = g.day::date GROUP BY g.day

SELECT id FROM users WHERE (name, email) > ('A', 'a') ORDER BY name, email LIMIT 10

SELECT email FROM users WHERE created::date = CURRENT_DATE UNION SELECT who FROM audit WHERE at < now()

MERGE INTO sessions s USING (SELECT 1 AS user_id) u ON s.user_id = u.user_id WHEN MATCHED THEN UPDATE SET expires = now() WHEN NOT
MATCHED THEN INSERT (token, user_id, expires) VALUES ('0', 1, now())

SELECT what, who FROM audit WHERE id = ANY ('{1,2,3}'::bigint[])

SELECT currval(pg_get_serial_sequence('users', 'id')) FROM users WHERE false

TABLE audit

VALUES (1, 'a'), (2, 'b')
