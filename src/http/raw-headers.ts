/** Header names and values in turn, as `writeHead` takes them without looking at them again. */
export type RawHeaders = string[];
