-- raises: shop critical
INSERT INTO database (database, checksum_failures) VALUES ('shop', 3), ('other', 0);
-- quiet: checksums are off, so nothing is known
INSERT INTO database (database, checksum_failures) VALUES ('shop', NULL);
-- quiet: none
INSERT INTO database (database, checksum_failures) VALUES ('shop', 0);
