/**
 * What statistics count, by quarters of an hour, so that a day of any time zone is a range of them: as
 * comments/tallies.ts says. It stands here once more for the comments that a file of the first version holds.
 */
const SECONDS = 'max(0, CAST(round((d.at - c.created_at) / 1000.0) AS INTEGER))';
const threeDigits = (unit: number): string => `CAST(round(s / ${unit}.0) AS INTEGER) * ${unit}`;
const ROUNDED = `CASE WHEN s < 1000 THEN s ${[10, 100, 1000, 10_000, 100_000, 1_000_000]
  .map((unit) => `WHEN s < ${unit * 1000} THEN ${threeDigits(unit)}`)
  .join(' ')} ELSE ${threeDigits(10_000_000)} END`;
const IS_PERSON = (actor: string): string => `${actor} ->> 'kind' IN ('moderator', 'token')`;
const SAID = `CASE p.value ->> 'outcome' WHEN 'hold' THEN 'held' WHEN 'waiting' THEN 'held'
  WHEN 'error' THEN 'held' WHEN 'spam' THEN 'spam' WHEN 'reject' THEN 'rejected' END`;

export const TALLIES = `
CREATE TABLE tallies (
  site TEXT NOT NULL,
  slot INTEGER NOT NULL,
  what TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (site, slot, what)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE standing AS
  SELECT comment_id, seq, at, actor, action, from_status, to_status,
    json_array(actor ->> 'kind', actor ->> 'id', actor ->> 'name') AS name,
    action IN ('approve', 'reject', 'spam', 'trash', 'restore') AND ${IS_PERSON('actor')} AS decision
  FROM history WHERE undone = 0 AND action <> 'undo';
CREATE INDEX temp.standing_of ON standing (comment_id, seq);

CREATE TEMP TABLE said AS
  SELECT c.site, c.created_at, c.status, p.value ->> 'phase' AS phase, p.value ->> 'outcome' AS outcome,
    ${SAID} AS said, coalesce(${IS_PERSON('c.decided_by')}, 0) AS decided,
    max(${SAID}) OVER (PARTITION BY c.id) IS NULL AS alone
  FROM comments c, json_each(c.screening) p;

INSERT INTO tallies SELECT site, at / 900000, what, count(*) FROM (
  SELECT site, created_at AS at, 'created' AS what FROM comments
  UNION ALL
  SELECT site, created_at, coalesce((SELECT from_status FROM history WHERE comment_id = comments.id
    ORDER BY seq LIMIT 1), status) FROM comments
  UNION ALL
  SELECT c.site, d.at, d.to_status FROM standing d JOIN comments c ON c.id = d.comment_id
    WHERE d.from_status <> d.to_status
  UNION ALL
  SELECT c.site, d.at, 'decisions/' || d.name FROM standing d JOIN comments c ON c.id = d.comment_id
    WHERE d.decision
  UNION ALL
  SELECT c.site, d.at, 'overturned/' || d.name FROM standing d JOIN comments c ON c.id = d.comment_id
    WHERE d.decision AND EXISTS (SELECT 1 FROM standing later WHERE later.comment_id = d.comment_id
      AND later.seq > d.seq AND later.decision AND later.to_status <> d.to_status)
  UNION ALL
  SELECT site, at, 'wait/' || (${ROUNDED}) FROM (
    SELECT c.site, d.at, ${SECONDS} AS s FROM standing d JOIN comments c ON c.id = d.comment_id
    WHERE d.decision AND NOT EXISTS (SELECT 1 FROM standing earlier WHERE earlier.comment_id = d.comment_id
      AND earlier.seq < d.seq AND earlier.decision))
  UNION ALL
  SELECT site, created_at, 'phase/' || said || '/' || phase FROM said WHERE said IS NOT NULL
  UNION ALL
  SELECT site, created_at, 'phase/decided/' || phase FROM said
    WHERE decided AND (said IS NOT NULL OR (alone AND outcome = 'pass'))
  UNION ALL
  SELECT site, created_at, 'phase/overturned/' || phase FROM said
    WHERE decided AND ((said IN ('spam', 'rejected') AND status = 'approved')
      OR (said IS NULL AND alone AND outcome = 'pass' AND status = 'spam'))
) WHERE what NOT IN ('pending', 'trash') GROUP BY 1, 2, 3;

DROP TABLE temp.standing;
DROP TABLE temp.said;
`;
