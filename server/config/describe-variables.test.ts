import { expect, test } from 'vitest'
import { testHome } from '#server/testing.ts'
import { describeVariables } from './describe-variables.ts'
import { changeVariables } from './kept-variables.ts'
import { leftOut, variableFacts } from './variable-facts.ts'
import { settingVariables, variables } from './variables.ts'

test('every variable is described, or left out for a reason', () => {
  expect([...Object.keys(variableFacts), ...Object.keys(leftOut)].sort()).toEqual(Object.keys(variables).sort())
})

test('every setting with a variable is one that can be given', async () => {
  await using home = await testHome()
  for (const name of Object.keys(settingVariables)) expect(home.ctx.settings.values).toHaveProperty(name)
})

test('each has a default that its own rule accepts, and choices where it is a choice', async () => {
  await using home = await testHome()
  for (const { name, kind, choices, default: usual } of describeVariables(home.ctx)) {
    if (usual !== null) expect(variables[name].safeParse(usual), name).toMatchObject({ success: true })
    expect(choices !== null, name).toBe(kind === 'choice')
  }
})

test('a description says where a value comes from, what it waits for, and of a secret only that it is set', async () => {
  await using home = await testHome({ HEARTHKEEP_RP_NAME: 'Ours' })
  const { ctx } = home
  await ctx.settings.set({ setUpAt: 1 })
  await changeVariables(ctx, null, {
    HEARTHKEEP_HOSTNAME: 'hearth.example',
    HEARTHKEEP_SMTP_URL: 'smtp://planted@mail.example',
    HEARTHKEEP_SLOT_MAX_BYTES: '4096',
  })
  const all = describeVariables(ctx)
  const one = (name: string) => all.find((variable) => variable.name === name)
  expect(one('HEARTHKEEP_RP_NAME')).toMatchObject({ value: 'Ours', source: 'environment', default: 'Hearthkeep' })
  expect(one('HEARTHKEEP_HOSTNAME')).toMatchObject({ value: 'hearth.example', source: 'kept', isWaiting: true })
  expect(one('HEARTHKEEP_HOSTNAME')).toMatchObject({ takesEffect: 'restart' })
  expect(one('HEARTHKEEP_SMTP_URL')).toMatchObject({ value: null, isSet: true, isWaiting: false })
  expect(one('HEARTHKEEP_SLOT_MAX_BYTES')).toMatchObject({ value: '4096', least: 32, most: 100 * 1024 * 1024 })
  expect(one('HEARTHKEEP_PERSONA_MAX_BYTES')).toMatchObject({ value: null, source: 'default', default: '10485760' })
  expect(JSON.stringify(all)).not.toContain('planted')
})
