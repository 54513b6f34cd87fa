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
}

export interface MongodOptions {
  replicaSet?: boolean;
  /** Kept after `stop` where given. */
  dbPath?: string;
  port?: number;
  /** What a member keeps of its data in memory, in GB; 0.25 by default. */
  cacheGb?: number;
}

export function findMongod(): string | null;
export function ensureMongod(): Promise<{ path: string | null; reason: string | null }>;
export function startMongod(options?: MongodOptions): Promise<RunningMongod>;
