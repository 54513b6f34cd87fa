/**
 * Preloaded before the built service (`node --require`): for it time stands still at PROOF_NOW, milliseconds
 * since 1970, so that everything happens at one moment. Timers and the monotonic clock go on.
 */
const moment = Number(process.env.PROOF_NOW);
Date.now = () => moment;
