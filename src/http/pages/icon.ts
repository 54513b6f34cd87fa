/** Asked for by browsers unbidden, and by that name. */
export const ICON_PATH = '/favicon.ico';

/** A gate, in the colours of the dashboard. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#17594f"/><path d="M7 27V16a9 9 0 0 1 18 0v11M16 7v20M7 18h18" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>';
