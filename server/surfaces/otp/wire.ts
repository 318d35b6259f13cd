import { z } from 'zod'

/** Body of `POST /graphql`, for /openapi.json; what is read goes through `readOperation`. */
export const GraphqlRequest = z.object({
  query: z.string(),
  variables: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  operationName: z.string().optional(),
})

const GraphqlError = z.object({
  message: z.string(),
  locations: z.array(z.object({ line: z.number().int(), column: z.number().int() })).optional(),
  path: z.array(z.union([z.string(), z.number().int()])).optional(),
})

export const GraphqlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullable().optional(),
  errors: z.array(GraphqlError).optional(),
})

/**
 * The schema of otp §2 with names, nullability and descriptions unchanged. What is ours comes last in `Mutation` and
 * is marked so.
 */
export const typeDefs = /* GraphQL */ `
"The query root for this schema"
type Query {
  devices: [Device]
  otps(device_id: Int!, password: String!): [Otp]
}

type Mutation {
  registerUser(email: String, password: String): User
  signInUser(email: String, password: String): SigninUser
  addDevice(name: String, password: String): AddedDeviceResponse
  addOtp(account: String, secret: String, device_id: Int, password: String): AddedOTPResponse

  "Additive. Give a device another name"
  renameDevice(device_id: Int!, name: String!): Device
  "Additive. Give a device another password; what it keeps stays as it is"
  changeDevicePassword(device_id: Int!, password: String!, new_password: String!): Device
  "Additive. Delete a device with everything on it"
  deleteDevice(device_id: Int!): Device
  "Additive. Give a One-time Password another account label"
  renameOtp(otp_id: Int!, account: String!): Otp
  "Additive. Delete a One-time Password"
  deleteOtp(otp_id: Int!): Otp
  "Additive. Add many at once from otpauth:// URIs: all of them, or none"
  importOtps(device_id: Int!, password: String!, uris: [String!]!): [AddedOTPResponse]
  "Additive. End the session of the token that was sent"
  signOut: Boolean
}

"A User"
type User {
  id: ID
  email: String
  password: String
  devices: [Device]
}

"A Device"
type Device {
  id: ID
  name: String
  master_password: String
  otps: [Otp]
  user: User
}

"A One-time Password"
type Otp {
  id: ID
  account: String
  secret: String
  device: Device
}

type SigninUser {
  token: String
  user: User
}

type AddedDeviceResponse {
  id: String
  name: String
}

type AddedOTPResponse {
  id: String
  account: String
}
`
