/** An error of the system's, such as ENOENT; known by its members, since its class may belong to another realm. */
export interface SystemError {
  code: string;
  syscall: string;
  /** Which file, and why. */
  message: string;
}

/** The error as the system's, or null where it is another's. */
export function systemErrorOf(error: unknown): SystemError | null {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('syscall' in error)) return null;
  return error as SystemError;
}

/** What an error is called where its message is no more than that: its code, else itself in words. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
