/**
 * The moderators' list of reported comments: approved ones with reports that are open. They are few, so that
 * an index for each way of asking costs little: a comment enters one only when somebody reports it. Unlike
 * the lists of a status, those of a page or author by risk hold the riskless, too.
 */
const IS_REPORTED = `deleted_at IS NULL AND status = 'approved' AND open_reports > 0`;

export const REPORTED = `
CREATE INDEX queue_reported_risk ON comments (site, risk_order, id) WHERE ${IS_REPORTED};
CREATE INDEX queue_reported_page ON comments (site, page_key, id) WHERE ${IS_REPORTED};
CREATE INDEX queue_reported_page_risk ON comments (site, page_key, risk_order, id) WHERE ${IS_REPORTED};
CREATE INDEX queue_reported_author ON comments (site, author_key, id, page_key)
  WHERE ${IS_REPORTED} AND author_key IS NOT NULL;
CREATE INDEX queue_reported_author_risk ON comments (site, author_key, risk_order, id)
  WHERE ${IS_REPORTED} AND author_key IS NOT NULL;
`;
