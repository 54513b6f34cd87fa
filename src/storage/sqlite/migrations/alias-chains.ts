/** The aliases that lead to an address: where that is pointed elsewhere they lead there, too. */
export const ALIAS_CHAINS = 'CREATE INDEX aliases_leading ON aliases (site, page);';

/** The page that an alias joined to another leads where that alias does: from the page to the alias. */
export const ALIAS_JOINS = `CREATE INDEX aliases_joining ON aliases (site, moved_key, id)
  WHERE moved_key IS NOT NULL;`;
