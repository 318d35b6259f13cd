import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { startFailures } from '#server/cli/start-failure.ts'

/** What cannot be run here (no Electron, no image registry, no systemd) is at least read. */
const root = join(import.meta.dirname, '..', '..')
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const unitPath = join(root, 'server/packaging/hearthkeep.service')

type Step = { run?: string; uses?: string }
type Workflow = { permissions: object; jobs: Record<string, { steps: Step[] }> }

const { version: electron } = JSON.parse(text('node_modules/electron/package.json')) as { version: string }
const builder = parse(text('electron-builder.yml')) as {
  electronVersion: string
  directories: { output: string; buildResources: string }
  extraResources: Array<{ from: string; to: string }>
  electronFuses: Record<string, boolean>
  mac: { icon: string }
}
const compose = parse(text('compose.yaml')) as { services: { hearthkeep: Record<string, unknown> } }
const workflow = parse(text('.github/workflows/packages.yml')) as Workflow

test('the packaged Electron is the one whose types the shell is checked with', () => {
  expect(builder.electronVersion).toBe(electron)
})

test('the package is the stage: each of its folders is named, and paths are meant from its shell', () => {
  expect(builder.extraResources.map(({ from }) => from)).toEqual(['../server', '../server/node_modules', '../node'])
  expect(builder.extraResources.map(({ to }) => to)).toEqual(['server', 'server/node_modules', 'node'])
  const resources = join(root, 'dist/stage/shell', builder.directories.buildResources)
  expect(existsSync(join(resources, builder.mac.icon))).toBe(true)
})

test('nobody makes the packaged Electron run something else', () => {
  expect(builder.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  })
})

test('the image copies what is there, runs as nobody in particular, and holds no secret', () => {
  const lines = text('Dockerfile').split('\n')
  const ignored = text('.dockerignore').split('\n')
  for (const line of lines.filter((one) => /^COPY (?!--from|\. )/.test(one)))
    for (const path of line.split(' ').slice(1, -1)) {
      expect(existsSync(join(root, path)), path).toBe(true)
      expect(ignored, path).toContain(`!${path}`)
    }
  for (const path of ignored.filter((line) => line.startsWith('!')))
    expect(existsSync(join(root, path.slice(1)))).toBe(true)
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
  expect(last.indexOf('USER node')).toBeGreaterThan(0)
  expect(last.filter((line) => /^(RUN|COPY)/.test(line)).length).toBe(2)
  expect(last.join('\n')).not.toMatch(/curl|wget|apt|PASSWORD|SECRET/)
})

test('the compose file gives the container no more than it needs', () => {
  expect(compose.services.hearthkeep).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    network_mode: 'host',
    volumes: ['data:/data'],
  })
})

test('the unit knows the exit codes that a restart does not mend', () => {
  const prevented = /^RestartPreventExitStatus=(.*)$/m.exec(text('server/packaging/hearthkeep.service'))?.[1]
  const hopeless = ['restore-unfinished', 'database-too-new', 'configuration', 'certificate'] as const
  expect(prevented?.split(' ').map(Number).sort()).toEqual(hopeless.map((reason) => startFailures[reason]).sort())
})

const systemd = spawnSync('systemd-analyze', ['--version']).status === 0
const without = systemd ? '' : ' (skipped: no systemd-analyze here)'

test.skipIf(!systemd)(`systemd knows every line of the unit, and finds little exposed${without}`, () => {
  const verified = spawnSync('systemd-analyze', ['verify', unitPath], { encoding: 'utf8' })
  const complaints = verified.stderr.split('\n').filter((line) => line.includes('hearthkeep.service'))
  expect(complaints.filter((line) => !line.includes('is not executable'))).toEqual([])
  const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=25', unitPath])
  expect(judged.status, String(judged.stdout).split('\n').at(-2)).toBe(0)
})

test('the workflow may only read, and runs files and scripts that exist', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' })
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
  for (const [, script] of runs.join('\n').matchAll(/npm run ([\w:-]+)/g))
    expect(scripts).toHaveProperty([script ?? ''])
  for (const [, path] of runs.join('\n').matchAll(/node ((?:server|electron\/(?!builder\/node_modules))[\w./-]+)/g))
    expect(existsSync(join(root, path ?? '')), path).toBe(true)
  expect(text('electron/builder/package-lock.json')).toContain('node_modules/electron-builder')
})
