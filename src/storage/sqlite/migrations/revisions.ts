/** Which revision of the text an act has made; null for acts that left it as it was. */
export const REVISIONS = 'ALTER TABLE history ADD COLUMN revision INTEGER;';
