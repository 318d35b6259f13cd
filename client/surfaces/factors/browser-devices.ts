import { lockDevice, type SyncDevice } from './sync-device.ts'

/**
 * The backups this browser keeps in sync, in IndexedDB. Keys are stored as they are, unreadable: what steals the
 * database's text gets nothing, and a page can use them only while it runs on this origin.
 */

const database = 'hearthkeep-factor-backups'
const store = 'devices'

/** @param device  with anything else that is to be remembered beside it */
export async function keepDevice(device: SyncDevice): Promise<void> {
  const locked = { ...device, ...(await lockDevice(device)) }
  await transact('readwrite', (devices) => devices.put(locked, locked.backupId))
}

export async function findDevice<Device extends SyncDevice = SyncDevice>(backupId: string): Promise<Device | null> {
  return (await transact<Device | undefined>('readonly', (devices) => devices.get(backupId))) ?? null
}

export async function listDevices<Device extends SyncDevice = SyncDevice>(): Promise<Device[]> {
  return transact<Device[]>('readonly', (devices) => devices.getAll())
}

export async function forgetDevice(backupId: string): Promise<void> {
  await transact('readwrite', (devices) => devices.delete(backupId))
}

async function transact<T>(mode: IDBTransactionMode, work: (devices: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opened = await openDatabase()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(store, mode)
      const request = work(transaction.objectStore(store))
      // A request may succeed and its transaction still fail, for want of space.
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    opened.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
