-- One row for each contact, on exactly one rung of the ladder: the definitions of guildhall/value/ladder.py, as SQL.
CREATE TABLE contacts AS
WITH spoken AS (
    SELECT
        contact,
        count(*) AS turns,
        sum(parts_asked) AS parts_asked, sum(parts_answered) AS parts_answered,
        bool_or(kind IN ('answer', 'partly', 'done')) AS answered,
        bool_or(kind = 'begun') AS begun,
        bool_or(kind = 'done') AS task_receipt,
        bool_or(kind = 'answer') AND bool_and(CASE WHEN kind = 'answer' THEN fixed WHEN kind = 'partly' THEN false ELSE true END) AS fixed_fact,
        arg_max(kind, seq) FILTER (kind <> 'nothing') AS last_kind,
        max(seq) FILTER (kind <> 'nothing') AS last_seq,
        bool_or(reason = 'person_requested') AS asked_person,
        bool_or(reason = 'chased') AS chased,
        bool_or(person = 'brought') AS person_brought,
        bool_or(distress) AS distress,
        min("at") FILTER (distress) AS distress_at,
        arg_min(service, seq) FILTER (service <> '') AS service,
        arg_min(lgsl, seq) FILTER (service <> '') AS lgsl,
        arg_min(ward, seq) FILTER (ward <> '') AS ward,
        arg_max(language, seq) FILTER (language <> '') AS language,
        max("at" + to_milliseconds(CAST(milliseconds AS BIGINT))) AS last_at
    FROM turns GROUP BY contact
),
waited AS (
    SELECT
        contact,
        min(asked_at) AS asked_at, min(reached_at) AS reached_at, min(reached_at) FILTER (ending = 'reached') AS answered_at,
        max(ended_at) AS ended_at,
        arg_max(ending, seq) AS ending, arg_min(queue, seq) AS queue, min_by(lane, CASE lane WHEN 'danger' THEN 0 WHEN 'care' THEN 1 ELSE 2 END) AS lane,
        bool_or(ending <> 'withdrawn') AS unmet, bool_or(ending = 'callback') AS callback_booked,
        bool_or(ending = 'still') AS waits_still,
        bool_or(reason = 'person_requested') AS asked_person,
        arg_max(right_team, seq) AS right_team
    FROM waits GROUP BY contact
),
gone_on AS (
    SELECT
        contact,
        bool_or(kind IN ('MessageSent', 'CallBridged') OR (kind = 'DraftDecided' AND flag)) AS words,
        min(seq) FILTER (kind = 'HandoffAccepted') AS accepted_seq,
        max(seq) FILTER (kind = 'HandoffClosed' AND code NOT IN ('no_reply', 'resident_left')) AS met_seq,
        min(happened_at) FILTER (kind IN ('HandoffAccepted', 'CallBridged')) AS taken_at,
        max(happened_at) FILTER (kind IN ('HandoffClosed', 'CallEnded')) AS released_at,
        count(*) FILTER (kind = 'HandoffTransferred' AND code IN ('taken', 'to_queue', 'supervisor')) AS transfers,
        coalesce(bool_or(kind = 'HandoffTransferred' AND code = 'to_queue'), false) AS passed_on,
        arg_max(queue, seq) FILTER (kind = 'HandoffTransferred' AND code = 'to_queue' AND queue <> '') AS passed_to,
        arg_max(queue, seq) FILTER (kind = 'CallBridged' AND queue <> '') AS put_through_to,
        arg_max(number, seq) FILTER (kind = 'SatisfactionGiven') AS satisfaction,
        arg_max(flag, seq) FILTER (kind = 'FeedbackGiven') AS said_helped,
        max(seq) FILTER (kind = 'FeedbackGiven') AS feedback_seq,
        max(happened_at) FILTER (kind IN ('MessageSent', 'CallBridged', 'CallEnded', 'HandoffClosed', 'HandoffWithdrawn', 'CallbackBooked')) AS last_at
    FROM raw_steps GROUP BY contact
),
closings AS (
    SELECT contact, bool_or(NOT flag) AS wrong, arg_max(category, seq) FILTER (NOT flag AND category <> '') AS meant_for
    FROM raw_steps AS c
    WHERE kind = 'HandoffClosed' AND flag IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM raw_steps AS o WHERE o.kind = 'HandoffReopened' AND o.contact = c.contact AND o.reference = c.reference AND o.seq > c.seq
    )
    GROUP BY contact
),
trials AS (  -- over once it was stopped, is full or has passed its last day; nobody can look at one arm beside the other before
    SELECT
        trial,
        bool_or(stops) OR count(*) FILTER (NOT stops) >= max(planned) OR max(until) < strftime((SELECT moment FROM as_at), '%Y-%m-%d') AS is_over
    FROM raw_arms GROUP BY trial
),
arms AS (SELECT contact, arm FROM raw_arms WHERE arm <> '' AND trial IN (SELECT trial FROM trials WHERE is_over)),
joined AS (
    SELECT
        s.contact, s.council, s.channel, s.simulated, coalesce(a.arm, '') AS arm, s.failed, s.happened_at AS started_at, s.local_at,
        greatest(s.happened_at, coalesce(p.last_at, s.happened_at), coalesce(g.last_at, s.happened_at)) AS ended_at,
        coalesce(p.language, s.language) AS language, coalesce(p.service, '') AS service, p.lgsl, coalesce(p.ward, '') AS ward,
        coalesce(p.turns, 0) AS turns, coalesce(p.parts_asked, 0) AS parts_asked, coalesce(p.parts_answered, 0) AS parts_answered,
        coalesce(p.answered, false) AS answered, coalesce(p.begun, false) AS begun, coalesce(p.task_receipt, false) AS task_receipt,
        coalesce(p.fixed_fact, false) AS fixed_fact, p.last_kind,
        coalesce(p.asked_person, false) OR coalesce(w.asked_person, false) AS asked_person,
        coalesce(p.chased, false) AS chased,
        coalesce(p.person_brought, false) OR w.contact IS NOT NULL AS person_brought,
        coalesce(g.words, false) OR coalesce(g.met_seq > g.accepted_seq, false) AS person_reached,
        coalesce(w.callback_booked, false) AS callback_booked, coalesce(w.unmet, false) AS unmet, coalesce(w.waits_still, false) AS waits_still,
        coalesce(p.distress, false) OR coalesce(w.lane = 'danger', false) AS distress, p.distress_at,
        coalesce(w.lane, '') AS lane, coalesce(w.queue, '') AS queue, w.right_team, coalesce(c.wrong, false) OR coalesce(g.passed_on, false) AS wrong,
        c.meant_for, g.passed_to, g.put_through_to, coalesce(g.transfers, 0) AS transfers, w.asked_at, w.reached_at, w.answered_at, w.ended_at AS wait_ended_at, coalesce(w.ending, '') AS ending,
        g.taken_at, g.released_at, g.satisfaction, g.said_helped,
        CASE WHEN g.feedback_seq > p.last_seq THEN g.said_helped END AS says,
        k.resident, coalesce(nullif(p.service, ''), nullif(k.service, ''), nullif(k.queue, '')) AS matter
    FROM raw_starts AS s
    LEFT JOIN spoken AS p USING (contact)
    LEFT JOIN waited AS w USING (contact)
    LEFT JOIN gone_on AS g USING (contact)
    LEFT JOIN closings AS c USING (contact)
    LEFT JOIN raw_known AS k USING (contact)
    LEFT JOIN arms AS a USING (contact)
),
people AS (
    SELECT contact, resident, matter, started_at, ended_at, asked_person OR callback_booked AS wanted_person
    FROM joined WHERE resident IS NOT NULL AND matter IS NOT NULL
),
came_again AS (
    SELECT
        one.contact,
        coalesce(bool_or(two.started_at <= one.ended_at + INTERVAL 24 HOUR), false) AS day,
        count(two.contact) > 0 AS week,
        coalesce(bool_or(two.wanted_person AND two.started_at <= one.ended_at + INTERVAL 24 HOUR), false) AS person_day
    FROM people AS one
    LEFT JOIN people AS two
        ON two.resident = one.resident AND two.matter = one.matter AND two.contact <> one.contact
        AND two.started_at > one.started_at AND two.started_at <= one.ended_at + INTERVAL 7 DAY
    GROUP BY one.contact
),
settled AS (  -- what was found out while the resident was recognised stays found out, also once nobody knows any more who they were
    SELECT contact, arg_max(number = 1, seq) AS day, arg_max(flag, seq) AS week, arg_max(code = 'asked_for_person', seq) AS person_day
    FROM raw_steps WHERE kind = 'RecontactKnown' GROUP BY contact
),
told AS (
    SELECT
        j.*, j.resident IS NOT NULL OR s.contact IS NOT NULL AS recognised, s.contact IS NOT NULL AS settled,
        coalesce(s.day, CASE WHEN (SELECT moment FROM as_at) >= j.ended_at + INTERVAL 24 HOUR THEN a.day END) AS again_24h,
        coalesce(s.week, CASE WHEN (SELECT moment FROM as_at) >= j.ended_at + INTERVAL 7 DAY THEN a.week END) AS again_7d,
        coalesce(s.person_day, a.person_day, false) AS person_within_day
    FROM joined AS j LEFT JOIN came_again AS a USING (contact) LEFT JOIN settled AS s USING (contact)
),
placed AS (
    SELECT
        *,
        CASE
            WHEN failed <> '' THEN 'blocked'
            WHEN person_reached THEN CASE WHEN wrong THEN 'transferred_wrong' ELSE 'transferred_right' END
            WHEN unmet OR last_kind = 'person' THEN CASE WHEN answered OR begun THEN 'abandoned_after' ELSE 'abandoned_before' END
            WHEN last_kind IN ('answer', 'partly', 'done') AND says THEN 'verified'
            WHEN last_kind IN ('answer', 'done') AND NOT says THEN 'unverified'
            WHEN last_kind = 'done' THEN 'verified'
            WHEN last_kind = 'answer' AND fixed_fact AND NOT again_7d THEN 'verified'
            WHEN last_kind = 'answer' THEN 'unverified'
            WHEN last_kind = 'signpost' THEN 'signposted'
            WHEN last_kind = 'refused' AND NOT (answered OR begun) THEN 'blocked'
            WHEN answered OR begun THEN 'abandoned_after'
            ELSE 'abandoned_before'
        END AS rung
    FROM told
)
SELECT
    contact, council, channel, language, service, lgsl, ward, started_at, ended_at, CAST(local_at AS DATE) AS day,
    CAST(extract(hour FROM local_at) AS INTEGER) AS hour, CAST(isodow(local_at) - 1 AS INTEGER) AS weekday,
    CAST(turns AS INTEGER) AS turns, rung,
    CASE
        WHEN person_reached OR failed <> '' THEN ''
        WHEN callback_booked THEN 'callback_waits'
        WHEN waits_still THEN 'waits_still'
        WHEN rung = 'unverified' AND says IS NULL AND fixed_fact AND recognised AND again_7d IS NULL AND matter IS NOT NULL THEN 'too_early'
        WHEN rung = 'unverified' AND NOT says THEN 'said_no'
        ELSE ''
    END AS note,
    answered, CAST(parts_asked AS INTEGER) AS parts_asked, CAST(parts_answered AS INTEGER) AS parts_answered,
    asked_person, chased, person_brought, person_reached, callback_booked, distress, lane, queue,
    -- Of a contact that a person took: whether the first team was right, by the wrap-up or a further transfer; not known where nobody said.
    CASE WHEN rung = 'transferred_wrong' THEN false WHEN person_reached THEN right_team END AS right_team, CAST(transfers AS INTEGER) AS transfers,
    date_diff('millisecond', asked_at, answered_at) / 1000.0 AS waited_seconds,
    CASE WHEN answered_at IS NOT NULL THEN 'reached' WHEN ending = 'withdrawn' THEN '' ELSE ending END AS waiting_ended,
    CASE WHEN asked_at IS NOT NULL THEN date_diff('millisecond', asked_at, coalesce(answered_at, wait_ended_at, greatest(asked_at, (SELECT moment FROM as_at)))) / 1000.0
    END AS wait_observed_seconds,
    CASE WHEN reached_at IS NOT NULL THEN date_diff('millisecond', least(asked_at, distress_at), reached_at) / 1000.0 END AS to_human_seconds,
    CASE WHEN person_reached THEN greatest(0, date_diff('millisecond', taken_at, released_at)) / 1000.0 END AS handled_seconds,
    -- The team instead: as the adviser said, else the one it was passed to, else the one whose number the caller was put through to.
    CASE WHEN rung <> 'transferred_wrong' THEN '' ELSE coalesce(meant_for, passed_to, nullif(put_through_to, queue), '') END AS right_queue,
    CASE
        WHEN rung <> 'transferred_wrong' THEN ''
        WHEN meant_for IS NOT NULL THEN 'said' WHEN passed_to IS NOT NULL THEN 'passed_on' WHEN put_through_to <> queue THEN 'put_through' ELSE ''
    END AS right_by,
    CAST(satisfaction AS INTEGER) AS satisfaction, said_helped, recognised, again_24h, again_7d, settled, person_within_day, task_receipt, fixed_fact, simulated, arm,
    NOT person_reached AND NOT callback_booked AND NOT waits_still AS deflected,
    rung IN ('verified', 'unverified') AND last_kind <> 'partly' AND coalesce(says, true) AND NOT person_within_day AS contained,
    rung = 'verified' AS resolved
FROM placed
