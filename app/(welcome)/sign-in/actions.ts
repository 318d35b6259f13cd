'use server'

import { z } from 'zod'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  enterByPasskey,
  enterByPassword,
  enterByRecoveryCode,
  type PasskeyAnswer,
  type PasskeyRequest,
  startPasskey,
} from '#app/_server/sign-in.ts'

const Answer = z.object({ token: z.string(), credential: z.unknown() })
const Name = z.string().min(1).max(320)
const Password = z.object({ name: Name, password: z.string().min(1).max(1024) })
const RecoveryCode = z.object({ name: Name, code: z.string().min(1).max(100) })

export async function askPasskey(): Promise<Outcome<PasskeyRequest>> {
  return outcomeOf(startPasskey)
}

export async function signInByPasskey(answer: PasskeyAnswer): Promise<Outcome<void>> {
  return outcomeOf(() => enterByPasskey(readInput(Answer, answer)))
}

export async function signInByPassword(given: z.infer<typeof Password>): Promise<Outcome<void>> {
  return outcomeOf(() => enterByPassword(readInput(Password, given)))
}

export async function signInByRecoveryCode(given: z.infer<typeof RecoveryCode>): Promise<Outcome<void>> {
  return outcomeOf(() => enterByRecoveryCode(readInput(RecoveryCode, given)))
}
