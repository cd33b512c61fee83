-- Run once by the PostgreSQL image on an empty data folder: each service has a database of its own.
CREATE DATABASE intake;
CREATE DATABASE review;
