/** The aliases that lead to an address: where that is pointed elsewhere they lead there, too. */
export const ALIAS_CHAINS = 'CREATE INDEX aliases_leading ON aliases (site, page);';
