/**
 * Loaded before the server (`preload` of `startServer`): the pauses between two runs of a job (a minute, an hour) take
 * a quarter of a second, so that tests see the reaper at work again and again. Nothing else is hurried.
 */
const pause = 250
const realSetTimeout = globalThis.setTimeout

/** The scheduler's own timer, known by what it does: bodies have limits of a minute too, which must stay. */
function isBetweenRuns(callback, delay) {
  return delay >= 60_000 && /#start\(job\)/.test(String(callback))
}

function hurriedSetTimeout(callback, delay, ...rest) {
  return realSetTimeout(callback, isBetweenRuns(callback, delay) ? pause : delay, ...rest)
}

// `util.promisify` finds its own version of setTimeout among the properties.
globalThis.setTimeout = Object.defineProperties(hurriedSetTimeout, Object.getOwnPropertyDescriptors(realSetTimeout))
