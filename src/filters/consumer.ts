/** Outside filters among those who take events out of the log. */
export const FILTERS = 'filters';
