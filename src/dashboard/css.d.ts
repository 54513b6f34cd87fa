/** The build gathers sheets into one file. */
declare module '*.css';
