-- Run once, by the first start of the database service: the platform owns its database and is no superuser.
\getenv password DATABASE_PASSWORD
CREATE ROLE eocenter LOGIN PASSWORD :'password';
CREATE DATABASE eocenter OWNER eocenter;
