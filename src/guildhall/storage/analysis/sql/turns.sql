-- One row for each turn that ended. `kind` is what the turn came to on the ladder (guildhall/value/ladder.py: kind_of_turn).
-- What a caller did not hear to an end was not said.
CREATE TABLE turns AS
WITH heard AS (
    SELECT DISTINCT contact, turn FROM raw_steps WHERE kind = 'ReplyHeard' AND flag
)
SELECT
    t.contact, t.turn, t.number, t.happened_at AS "at", CAST(t.local_at AS DATE) AS day, t.channel, t.language, t.service, t.lgsl, t.ward,
    t.outcome, t.reason, t.person, t.composer, t.parts_asked, t.parts_answered, t.milliseconds, t.distress, t.grounded, t.fixed, t.receipt,
    t.seq,
    CASE
        WHEN t.reason IN ('small_talk', 'not_the_owner', 'nothing_said') THEN 'nothing'
        WHEN t.outcome = 'handed_over' THEN 'person'
        WHEN t.outcome = 'fail_safe' OR (t.outcome = 'declined' AND t.reason IN ('attack', 'switched_off', 'unreadable')) THEN 'refused'
        WHEN t.outcome = 'asked_back' THEN 'open'
        WHEN t.channel = 'phone' AND h.turn IS NULL THEN 'open'
        WHEN t.outcome = 'task_started' THEN CASE WHEN t.receipt THEN 'done' ELSE 'begun' END
        WHEN t.reason IN ('other_body', 'out_of_scope', 'rule', 'distress', 'hazard', 'language_not_offered') THEN 'signpost'
        WHEN t.outcome = 'answered' THEN 'answer'
        WHEN t.outcome = 'partly_answered' THEN 'partly'
        ELSE 'open'
    END AS kind
FROM raw_turns AS t
LEFT JOIN heard AS h USING (contact, turn)
