-- One row for each turn of an audited sample whose marks are all in, as it counts now: the newest row of each stands.
-- `contact` is a name of the row's own and that of no contact, so that nothing leads from a mark to a conversation.
CREATE TABLE audits AS
WITH newest AS (
    SELECT *, row_number() OVER (PARTITION BY item ORDER BY seq DESC) AS place FROM raw_audits
)
SELECT
    item AS contact, happened_at AS "at", CAST(local_at AS DATE) AS day, CAST(extract(hour FROM local_at) AS INTEGER) AS hour,
    channel, language, service, ward, did, mark, fault, weight, stratum, simulated, seq
FROM newest WHERE place = 1
