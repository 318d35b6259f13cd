import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'

/** Two machines in one house, as network namespaces of Linux: nothing of one's network is the other's. */
export type TwoMachines = Disposable & {
  home: Machine
  phone: Machine
}

export type Machine = {
  address: string
  /** What runs a command there. */
  through: string[]
}

/** Why there can be none on this machine; null when there can. */
export function whyNoMachines(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s'
  const tried = spawnSync('unshare', ['-n', 'ip', 'link', 'add', 'hk0', 'type', 'veth', 'peer', 'name', 'hk1'])
  return tried.error || tried.status !== 0 ? 'network namespaces are not permitted here' : null
}

export function makeTwoMachines(): TwoMachines {
  const id = randomBytes(3).toString('hex')
  const [home, phone] = [machine(`hkh-${id}`, '10.77.0.1'), machine(`hkp-${id}`, '10.77.0.2')]
  const all = [home, phone]
  for (const { name } of all) run('ip', 'netns', 'add', name)
  run(
    'ip',
    'link',
    'add',
    home.name,
    'netns',
    home.name,
    'type',
    'veth',
    'peer',
    'name',
    phone.name,
    'netns',
    phone.name,
  )
  for (const { name, address, through } of all) {
    run(...through, 'ip', 'link', 'set', 'lo', 'up')
    run(...through, 'ip', 'addr', 'add', `${address}/24`, 'dev', name)
    run(...through, 'ip', 'link', 'set', name, 'up')
  }
  return {
    home,
    phone,
    [Symbol.dispose]() {
      for (const { name } of all) spawnSync('ip', ['netns', 'del', name])
    },
  }
}

function machine(name: string, address: string): Machine & { name: string } {
  return { name, address, through: ['ip', 'netns', 'exec', name] }
}

function run(...line: string[]): void {
  const [command = '', ...args] = line
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${line.join(' ')}: ${stderr}`)
}
