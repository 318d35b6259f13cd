import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const kibibyte = 1024
const sampleMilliseconds = 50

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  if (process.platform === 'linux') return fromStatus(pid, 'VmRSS')
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * kibibyte
}

/**
 * Watch the peak of a process's resident memory. Linux keeps it itself (VmHWM, reset through clear_refs), so nothing
 * between two samples is missed; elsewhere `ps` is asked twenty times a second.
 */
export function watchPeak(pid: number): { stop(): number } {
  let peak = residentBytes(pid)
  const exact = process.platform === 'linux' && resetPeak(pid)
  const timer = exact ? null : setInterval(() => (peak = Math.max(peak, residentBytes(pid))), sampleMilliseconds)
  return {
    stop() {
      if (timer) clearInterval(timer)
      return Math.max(peak, exact ? fromStatus(pid, 'VmHWM') : residentBytes(pid))
    },
  }
}

/** 5 resets the high-water mark (proc(5), clear_refs). */
function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    return true
  } catch {
    return false
  }
}

function fromStatus(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? Number.NaN) * kibibyte
}

/** Linux counts a process's time in hundredths of a second for everybody who asks (USER_HZ). */
const ticksPerSecond = 100

/**
 * Processor seconds a process has used, all its threads together; it says what work costs even when a busy machine
 * lets everything wait. NaN where the system has no /proc.
 */
export function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const [user, system] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / ticksPerSecond
}
