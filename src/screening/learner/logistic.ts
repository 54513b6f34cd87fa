/** From log-odds to a probability. */
export const logistic = (odds: number): number => 1 / (1 + Math.exp(-odds));

/** From a probability to log-odds. */
export const logOdds = (probability: number): number => Math.log(probability / (1 - probability));
