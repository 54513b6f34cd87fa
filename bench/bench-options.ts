/** What `npm run bench` is asked for. */
export interface BenchOptions {
  /** A million comments and longer rounds. */
  full: boolean;
  /** Short rounds with figures of no worth, to try the bench itself. */
  quick: boolean;
  /** Write the tables into docs/performance.md. */
  write: boolean;
  only: MeasureName[];
  seed: number;
}

export const MEASURES = [
  'generator',
  'reads',
  'cold',
  'posts',
  'smooth',
  'mongo',
  'queue',
  'mongo-queue',
  'search',
  'mongo-search',
  'bulk',
  'imports',
  'events',
  'start',
  'memory',
  'wordlist',
  'similar',
  'mongo-similar',
  'widget',
  'dashboard',
] as const;
export type MeasureName = (typeof MEASURES)[number];

export const USAGE = `npm run bench -- [--full] [--quick] [--write] [--seed=N] [--only=${MEASURES.join(',')}]`;

const DEFAULT_SEED = 20_260_101;

/** Throws an Error with the usage for anything it does not know. */
export function readOptions(args: string[]): BenchOptions {
  const options: BenchOptions = {
    full: false,
    quick: false,
    write: false,
    only: [...MEASURES],
    seed: DEFAULT_SEED,
  };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name, inline] = arg.split('=', 2);
    const value = (): string => inline ?? rest.shift() ?? '';
    if (name === '--full') options.full = true;
    else if (name === '--quick') options.quick = true;
    else if (name === '--write') options.write = true;
    else if (name === '--seed') options.seed = readSeed(value());
    else if (name === '--only') options.only = value().split(',').map(readMeasure);
    else throw new Error(`unknown option ${arg}\n${USAGE}`);
  }
  return options;
}

function readSeed(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Error(`--seed wants a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function readMeasure(text: string): MeasureName {
  const name = MEASURES.find((each) => each === text);
  if (!name) throw new Error(`--only knows ${MEASURES.join(', ')}, not ${JSON.stringify(text)}`);
  return name;
}
