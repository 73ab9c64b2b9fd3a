-- One row for each request for a person, with how its waiting ended. The first thing that ends the waiting counts.
CREATE TABLE waits AS
WITH asked AS (
    SELECT contact, reference, seq, happened_at, local_at, queue, lane, reason, category, in_hours FROM raw_steps WHERE kind = 'HandoffRequested'
),
raised AS (
    SELECT
        contact, reference,
        arg_max(queue, seq) AS queue, arg_max(lane, seq) AS lane, arg_max(category, seq) AS category
    FROM raw_steps WHERE kind = 'HandoffRaised' GROUP BY ALL
),
-- Whoever takes one request of a conversation takes all that are open, so what follows holds for every request before it.
after AS (
    SELECT
        a.contact, a.reference,
        min(CASE WHEN s.kind IN ('MessageSent', 'CallBridged') OR (s.kind = 'DraftDecided' AND s.flag) THEN s.seq END) AS words_seq,
        min(CASE WHEN s.kind = 'HandoffAccepted' THEN s.seq END) AS accepted_seq,
        max(CASE WHEN s.kind = 'HandoffClosed' AND s.code NOT IN ('no_reply', 'resident_left') THEN s.seq END) AS met_seq,
        min(CASE WHEN s.kind = 'HandoffClosed' THEN s.seq END) AS closed_seq,
        min(CASE WHEN s.kind = 'HandoffWithdrawn' THEN s.seq END) AS withdrawn_seq,
        min(CASE WHEN s.kind = 'CallEnded' THEN s.seq END) AS rang_off_seq,
        min(CASE WHEN s.kind = 'HandoffGivenUp' AND s.reference = a.reference THEN s.seq END) AS given_up_seq,
        max(CASE WHEN s.kind = 'CallbackBooked' AND s.reference = a.reference AND s.flag THEN s.seq END) AS booked_seq,
        max(CASE WHEN s.kind = 'CallbackBooked' AND s.reference = a.reference AND NOT s.flag THEN s.seq END) AS cancelled_seq,
        bool_or(s.kind = 'HandoffBreached' AND s.reference = a.reference AND s.code <> 'reply') AS breached
    FROM asked AS a LEFT JOIN raw_steps AS s ON s.contact = a.contact AND s.seq > a.seq
    GROUP BY ALL
),
closing AS (
    SELECT c.contact, arg_max(c.flag, c.seq) AS right_team
    FROM raw_steps AS c
    WHERE c.kind = 'HandoffClosed' AND NOT EXISTS (
        SELECT 1 FROM raw_steps AS o WHERE o.kind = 'HandoffReopened' AND o.contact = c.contact AND o.reference = c.reference AND o.seq > c.seq
    )
    GROUP BY c.contact
),
ended AS (
    SELECT
        *,
        coalesce(words_seq, CASE WHEN met_seq > accepted_seq THEN accepted_seq END) AS came_seq,
        CASE WHEN booked_seq > coalesce(cancelled_seq, 0) THEN booked_seq END AS callback_seq
    FROM after
),
kept AS (  -- who came after the resident had let a request go came for another one; a booked callback is not let go
    SELECT *, CASE WHEN callback_seq IS NOT NULL OR withdrawn_seq IS NULL OR came_seq < withdrawn_seq THEN came_seq END AS reached_seq
    FROM ended
),
first_end AS (
    SELECT *, least(reached_seq, callback_seq, withdrawn_seq, rang_off_seq, given_up_seq, closed_seq) AS end_seq FROM kept
)
SELECT
    a.contact, a.reference AS reference_digest, coalesce(nullif(r.queue, ''), a.queue) AS queue, coalesce(r.lane, a.lane) AS lane, a.reason,
    coalesce(nullif(r.category, ''), a.category) AS category, a.happened_at AS asked_at, CAST(a.local_at AS DATE) AS day, a.in_hours,
    reached.happened_at AS reached_at, finish.happened_at AS ended_at,
    CASE
        WHEN e.end_seq IS NULL THEN 'still'
        WHEN e.end_seq = e.reached_seq THEN 'reached'
        WHEN e.end_seq = e.callback_seq THEN 'callback'
        WHEN e.end_seq = e.withdrawn_seq AND finish.code = 'assistant' THEN 'withdrawn'
        ELSE 'abandoned'
    END AS ending,
    CASE WHEN e.end_seq = e.given_up_seq THEN finish.code ELSE '' END AS given_up,
    date_diff('millisecond', a.happened_at, coalesce(finish.happened_at, greatest(a.happened_at, (SELECT moment FROM as_at)))) / 1000.0 AS seconds,
    c.right_team, coalesce(e.breached, false) AS breached, a.seq
FROM asked AS a
JOIN first_end AS e ON e.contact = a.contact AND e.reference = a.reference
LEFT JOIN raised AS r ON r.contact = a.contact AND r.reference = a.reference
LEFT JOIN closing AS c ON c.contact = a.contact
LEFT JOIN raw_steps AS reached ON reached.contact = a.contact AND reached.seq = e.reached_seq
LEFT JOIN raw_steps AS finish ON finish.contact = a.contact AND finish.seq = e.end_seq
