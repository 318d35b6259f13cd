'use server'

import { z } from 'zod'
import { type Member, requireMemberAction } from '#app/_server/member.ts'
import { type Outcome, outcomeOf } from '#app/_server/outcome.ts'
import { readInput } from '#app/_server/read-input.ts'
import {
  type PasskeyAnswer,
  type PasskeyRequest,
  proveByPasskeyOf,
  proveByPasswordOf,
  startProofOf,
} from '#app/_server/security.ts'

const Answer = z.object({ token: z.string(), credential: z.unknown() })
const GivenPassword = z.string().min(1).max(1024)

export async function startProof(): Promise<Outcome<PasskeyRequest>> {
  return asMember(startProofOf)
}

export async function proveByPasskey(answer: PasskeyAnswer): Promise<Outcome<void>> {
  return asMember((member) => proveByPasskeyOf(member, readInput(Answer, answer)))
}

export async function proveByPassword(password: string): Promise<Outcome<void>> {
  return asMember((member) => proveByPasswordOf(member, readInput(GivenPassword, password)))
}

function asMember<T>(work: (member: Member) => T | Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(async () => work(await requireMemberAction()))
}
