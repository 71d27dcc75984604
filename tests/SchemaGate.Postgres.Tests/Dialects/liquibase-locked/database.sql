CREATE TABLE databasechangelog (
    id varchar(255) NOT NULL,
    author varchar(255) NOT NULL,
    filename varchar(255) NOT NULL,
    dateexecuted timestamp NOT NULL,
    orderexecuted integer NOT NULL,
    exectype varchar(10) NOT NULL,
    md5sum varchar(35),
    description varchar(255),
    comments varchar(255),
    tag varchar(255),
    liquibase varchar(20),
    contexts varchar(255),
    labels varchar(255),
    deployment_id varchar(10)
);
CREATE TABLE databasechangeloglock (
    id integer NOT NULL PRIMARY KEY,
    locked boolean NOT NULL,
    lockgranted timestamp,
    lockedby varchar(255)
);
INSERT INTO databasechangeloglock VALUES (1, true, now(), 'runner');
INSERT INTO databasechangelog VALUES ('1', 'anna', 'changes/001_shop.sql', '2024-01-01 00:00:00', 1, 'EXECUTED', '9:0123456789abcdef0123456789abcdef', 'sql', '', NULL, '4.31.1', NULL, NULL, '5000000000');
INSERT INTO databasechangelog VALUES ('2', 'anna', 'changes/001_shop.sql', '2024-01-02 00:00:00', 2, 'RERAN', '9:0123456789abcdef0123456789abcdef', 'sql', '', NULL, '4.31.1', NULL, NULL, '5000000000');
