/** How a command ends. The numbers are those of sysexits.h where it has one that fits. */
export const EXIT = {
  done: 0,
  /** What stands there is in the way: exists already, changed meanwhile, the last admin. */
  refused: 1,
  /** The self-check found something, mended or not. */
  differs: 1,
  /** EX_USAGE: the command line is not understood, or a destructive command was not confirmed. */
  usage: 64,
  /** EX_DATAERR: a value is not right. */
  value: 65,
  /** EX_NOINPUT: there is no such site, account, token, file or folder. */
  unknown: 66,
  /** EX_UNAVAILABLE: no MongoDB answers. */
  unavailable: 69,
  /** EX_IOERR: what was to be said or written went nowhere, as on a full disk. */
  output: 74,
  /** EX_TEMPFAIL: another process has the data folder. */
  inUse: 75,
  /** EX_CONFIG: something in the settings has to change. */
  settings: 78,
} as const;
