import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What `/metrics` tells. Labels never hold anything a client chose freely. */
export class Metrics {
  readonly registry = new Registry()
  readonly #requests = new Counter({
    name: 'hearthkeep_requests_total',
    help: 'Answered requests',
    labelNames: ['surface', 'endpoint', 'method', 'status'],
    registers: [this.registry],
  })
  readonly #durations = new Histogram({
    name: 'hearthkeep_request_seconds',
    help: 'Time until the answer began',
    labelNames: ['surface', 'endpoint'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  })
  readonly #jobs = new Counter({
    name: 'hearthkeep_job_runs_total',
    help: 'Finished runs of scheduled jobs',
    labelNames: ['job', 'outcome'],
    registers: [this.registry],
  })
  readonly #events = new Counter({
    name: 'hearthkeep_events_total',
    help: 'Things that happened, by name',
    labelNames: ['event'],
    registers: [this.registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  request(surface: string, endpoint: string, method: string, status: number, milliseconds: number): void {
    const known = knownMethods.has(method) ? method : 'other'
    this.#requests.inc({ surface, endpoint, method: known, status })
    this.#durations.observe({ surface, endpoint }, milliseconds / 1000)
  }

  job(job: string, outcome: 'ok' | 'failed'): void {
    this.#jobs.inc({ job, outcome })
  }

  event(event: string, count = 1): void {
    this.#events.inc({ event }, count)
  }

  /** A value that is read when somebody asks. */
  gauge(name: string, help: string, labelNames: string[], read: () => Array<[Record<string, string>, number]>): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.set(labels, value)
      },
    })
  }
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
