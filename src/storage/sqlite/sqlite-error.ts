/** An error of SQLite's, known by its code: its class may belong to another loading of the driver. */
export interface SqliteFault {
  code: string;
  message: string;
  stack?: string;
}

/** The error as SQLite's, or null where it is another's. */
export function sqliteFault(error: unknown): SqliteFault | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
  const { code, message } = error;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_') || typeof message !== 'string') return null;
  return { code, message, stack: 'stack' in error ? String(error.stack) : undefined };
}
