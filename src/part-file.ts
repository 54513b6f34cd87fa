/**
 * What a file is called while it is written: this process's own, so that two that write the same file don't write into
 * each other's, and the first to end has its name.
 */
export const partOf = (file: string): string => `${file}.${process.pid}.part`;
