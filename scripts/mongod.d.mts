/** A started server; see mongod.mjs. */
export interface RunningMongod {
  uri: string;
  stop(): Promise<void>;
  readonly pids: number[];
  /** The index of the member that takes writes, or -1 while there is none. */
  primary(): Promise<number>;
  /** SIGKILL. */
  kill(index?: number): Promise<void>;
  /** Comes back on the same data and port. */
  restart(index?: number): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing on them is answered until it is thawed. */
  freeze(index?: number): boolean;
  thaw(index?: number): boolean;
  /** What one member answers to an admin command; null where it can't be reached or refuses. */
  ask(index: number, command: Record<string, unknown>): Promise<Record<string, unknown> | null>;
}

export interface MongodOptions {
  replicaSet?: boolean;
  /** Kept after `stop` where given. */
  dbPath?: string;
  port?: number;
  /** What a member keeps of its data in memory, in GB; 0.25 by default. */
  cacheGb?: number;
  /** Puts something before each member: given its port, the port by which the others and clients are to reach it. */
  before?: (port: number) => Promise<number>;
  /** Takes the commands that servers are tested with, such as `configureFailPoint`. */
  testCommands?: boolean;
}

export function startMongod(options?: MongodOptions): Promise<RunningMongod>;
