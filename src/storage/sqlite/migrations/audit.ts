/**
 * What one person did in one way (who saw addresses, say) is few among all that they did, and is asked for
 * just then. Callers of all sites go through the sites: that saves every act three more indexes.
 */
export const AUDIT = `
CREATE INDEX audit_actor_action ON audit (site, actor_id, action, id);
`;
