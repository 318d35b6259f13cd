import type Sqlite from 'better-sqlite3'
import { Problem } from '#server/kit/problem.ts'
import type { Orm } from './client.ts'
import { sqliteCode } from './sqlite-code.ts'

type Waiting = { task: (db: Orm) => unknown; resolve(value: unknown): void; reject(error: unknown): void }

/**
 * Commits together what arrives together: one fsync of the log serves every request that is waiting for it, which is
 * what lets sixteen phones save at once on a slow disk. Each task has a savepoint, so one that throws undoes only itself.
 */
export class WriteQueue {
  #waiting: Waiting[] = []
  readonly #sqlite: Sqlite.Database
  readonly #orm: Orm
  readonly #say: Record<'begin' | 'commit' | 'savepoint' | 'release' | 'undo', Sqlite.Statement>

  constructor(sqlite: Sqlite.Database, orm: Orm) {
    this.#sqlite = sqlite
    this.#orm = orm
    this.#say = {
      begin: sqlite.prepare('begin immediate'),
      commit: sqlite.prepare('commit'),
      savepoint: sqlite.prepare('savepoint task'),
      release: sqlite.prepare('release task'),
      undo: sqlite.prepare('rollback to task'),
    }
  }

  write<T>(task: (db: Orm) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ task, resolve: resolve as (value: unknown) => void, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.flush())
    })
  }

  /** Commit everything handed in so far. */
  flush(): void {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []

    let settle: Array<() => void>
    try {
      this.#say.begin.run()
      settle = batch.map((one) => this.#runOne(one))
      this.#say.commit.run()
    } catch (error) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('rollback')
      const problem = asProblem(error)
      settle = batch.map((one) => () => one.reject(problem))
    }
    for (const each of settle) each()
  }

  /** @throws when SQLite gave up the whole transaction (a full disk), which no savepoint survives */
  #runOne({ task, resolve, reject }: Waiting): () => void {
    this.#say.savepoint.run()
    try {
      const value = task(this.#orm)
      this.#say.release.run()
      return () => resolve(value)
    } catch (error) {
      if (!this.#sqlite.inTransaction) throw error
      this.#say.undo.run()
      this.#say.release.run()
      return () => reject(asProblem(error))
    }
  }
}

/** SQLite's own failures in our words; what a task threw stays as it is. */
function asProblem(error: unknown): unknown {
  const code = sqliteCode(error)
  if (code?.startsWith('SQLITE_FULL')) return new Problem('store.full', { cause: error })
  if (code && /^SQLITE_(IOERR|BUSY|READONLY|CANTOPEN)/.test(code))
    return new Problem('store.unavailable', { cause: error })
  return error
}
