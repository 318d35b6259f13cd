import type { OplogKeys } from './keys.ts'
import type { OplogStore, OwnClient, OwnOperation, ReceivedOperation } from './oplog-store.ts'

const tables = { clients: 'clients', own: 'own', received: 'received', acknowledged: 'acknowledged', keys: 'keys' }

export type IndexedDbStore = OplogStore & {
  /** The keys this log was used with before; no script can read them out of here, only use them. */
  readKeys(): Promise<OplogKeys | null>
  saveKeys(keys: OplogKeys): Promise<void>
  close(): void
}

/**
 * A log kept in a browser, shared by all tabs of the page's origin. The browser may throw it away when space is short,
 * unless the page got `navigator.storage.persist()`; what the server has can then be fetched again with the keys.
 *
 * @param name  of the database; one for each log
 * @throws DOMException as IndexedDB does
 */
export async function openIndexedDbStore(name: string): Promise<IndexedDbStore> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => {
    const { result } = opening
    result.createObjectStore(tables.clients)
    result.createObjectStore(tables.own)
    result.createObjectStore(tables.received, { autoIncrement: true })
    result.createObjectStore(tables.acknowledged)
    result.createObjectStore(tables.keys)
  }
  const db = await settled(opening)
  // A later program in another tab can then upgrade the database.
  db.onversionchange = () => db.close()
  const channel = new BroadcastChannel(`hearthkeep-oplog ${name}`)

  const read = <T>(table: string, query: (from: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    settled(query(db.transaction(table).objectStore(table)))
  const write = (table: string, change: (to: IDBObjectStore) => void): Promise<void> => {
    const transaction = db.transaction(table, 'readwrite', { durability: 'strict' })
    change(transaction.objectStore(table))
    return done(transaction)
  }
  /** Only where nothing stands under the key yet. */
  const add = (table: string, key: IDBValidKey, value: unknown): Promise<boolean> =>
    write(table, (to) => void to.add(value, key)).then(
      () => true,
      (error) => {
        if (error?.name === 'ConstraintError') return false
        throw error
      },
    )

  return {
    readClients: () => read<OwnClient[]>(tables.clients, (from) => from.getAll()),
    addClient: (generation, client) => add(tables.clients, generation, client),

    readOwn: (clientId, from) => {
      const range = IDBKeyRange.bound([clientId, from], [clientId, Number.MAX_SAFE_INTEGER])
      return read<OwnOperation[]>(tables.own, (table) => table.getAll(range))
    },
    async claim(clientId, index, operation) {
      const isOurs = await add(tables.own, [clientId, index], operation)
      if (isOurs) channel.postMessage('claimed')
      return isOurs
    },

    async readReceived(position) {
      const range = position === null ? undefined : IDBKeyRange.lowerBound(position, true)
      const transaction = db.transaction(tables.received)
      const table = transaction.objectStore(tables.received)
      const [operations, keys] = await Promise.all([
        settled<ReceivedOperation[]>(table.getAll(range)),
        settled(table.getAllKeys(range)),
      ])
      return { operations, position: Number(keys.at(-1) ?? position ?? 0) }
    },
    keep: (operations) =>
      write(tables.received, (to) => {
        for (const operation of operations) to.add(operation)
      }),

    readAcknowledged: async () => (await read(tables.acknowledged, (from) => from.get('indices'))) ?? {},
    acknowledge: (indices) => write(tables.acknowledged, (to) => void to.put(indices, 'indices')),

    watch(onClaim) {
      channel.addEventListener('message', onClaim)
      return () => channel.removeEventListener('message', onClaim)
    },
    readKeys: async () => (await read<OplogKeys | undefined>(tables.keys, (from) => from.get('keys'))) ?? null,
    saveKeys: (keys) => write(tables.keys, (to) => void to.put(keys, 'keys')),
    close() {
      channel.close()
      db.close()
    },
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** When it is on the disk, not merely asked for. */
function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}
