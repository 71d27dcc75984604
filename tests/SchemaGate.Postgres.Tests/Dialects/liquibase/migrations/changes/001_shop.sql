--liquibase formatted sql

--changeset anna:1
CREATE TABLE users (id serial PRIMARY KEY);
--rollback DROP TABLE users;

--changeset anna:2 splitStatements:false
CREATE TABLE orders (id serial PRIMARY KEY);

--changeset anna:3 dbms:mysql
CREATE TABLE orders (id int);
