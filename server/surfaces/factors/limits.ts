import type { RateLimit } from '#server/http/rate-limit.ts'

/** The original leaves limits to a firewall in front (factor-backup §8); a home server has none. By address. */
export const challengeLimit: RateLimit = { name: 'factors-challenge', perSecond: 20, burst: 400 }
/** Proofs, each of which costs a signature or more. */
export const proofLimit: RateLimit = { name: 'factors-proof', perSecond: 10, burst: 200 }
/** By factor, from wherever it comes: what a stolen one is good for has an end (factor-backup §6). Spends no challenge. */
export const factorLimit: RateLimit = { name: 'factors-factor', perSecond: 10, burst: 200 }
/** Anybody may send a body as large as a backup here, and is known only afterwards. */
export const createLimit: RateLimit = { name: 'factors-create', perSecond: 0.5, burst: 100 }
export const syncLimit: RateLimit = { name: 'factors-sync', perSecond: 2, burst: 120 }
/** Ids are unguessable; that shall stay so. */
export const statusLimit: RateLimit = { name: 'factors-status', perSecond: 5, burst: 120 }
